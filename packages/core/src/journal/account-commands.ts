import { z } from 'zod'
import { type Account, accountTypes, balanceOf, type Freeze, openAccount } from '../accounts/account.js'
import { type AccountView, accountView } from '../accounts/account-view.js'
import { chartRule } from '../accounts/chart.js'
import type { Restriction } from '../accounts/restriction.js'
import { invalidInput } from '../accounts/text.js'
import { ledgerError } from '../errors/index.js'
import { exponentOf, inWords, type Money } from '../money/index.js'
import type { Command } from './command.js'
import type { Draft } from './draft.js'
import { withRestriction } from './post-entry.js'
import { restrictions } from './restrictions.js'
import { accountCodeSchema, amountSchema, descriptionSchema, parserOf } from './schema.js'

const currencySchema = z.string().transform((currency) => {
  exponentOf(currency)
  return currency
})

const openSchema = z.strictObject({
  code: accountCodeSchema,
  currency: currencySchema,
  type: z.enum(accountTypes).optional(),
  floor: amountSchema.optional(),
  ceiling: amountSchema.optional(),
})
type OpenInput = z.output<typeof openSchema>

/** Opens an account of the host's own, or one of the chart before an entry needs it. */
export const openAccountCommand: Command<OpenInput, AccountView> = {
  name: 'accounts.open',
  parse: (input) => checkOpening(parserOf(openSchema)(input)),
  direct: (input) => ({ accounts: [input], records: { restrictions: [input.code] } }),
  decide(input, draft) {
    const rule = chartRule(input.code)
    if (rule && ((input.type && input.type !== rule.type) || input.floor || input.ceiling)) {
      throw ledgerError(
        'account_reserved',
        `${input.code} belongs to the chart of accounts: it is of type ${rule.type} and has the chart's limits. Leave both out.`,
        { account: input.code },
      )
    }
    if (draft.account(input.code, input.currency)) {
      throw ledgerError(
        'account_exists',
        `There is an account ${input.code} in ${input.currency} already. Use it, or choose another code.`,
      )
    }
    const type = rule?.type ?? input.type
    if (!type) throw invalidInput([{ path: 'type', message: 'must be given for an account outside the chart' }])
    const floor = rule ? (rule.nonNegative ? 0n : null) : (input.floor?.minor ?? null)
    const opened = { code: input.code, currency: input.currency, type, floor, ceiling: input.ceiling?.minor ?? null }
    const account = withRestriction(draft, openAccount({ ...opened, openedAt: draft.now }))
    if (account.closed) throw closed(input.code)
    draft.putAccount({ ...account, revision: 1 })
    return accountView(account)
  },
}

/** Zero must lie within the limits, since that is what the account starts with. */
function checkOpening(input: OpenInput): OpenInput {
  const issues = (['floor', 'ceiling'] as const).flatMap((path) => {
    const limit: Money | undefined = input[path]
    if (!limit) return []
    if (limit.currency !== input.currency) return [{ path, message: `must be in ${input.currency}` }]
    const excludesZero = path === 'floor' ? limit.minor > 0n : limit.minor < 0n
    return excludesZero ? [{ path, message: 'must leave room for a balance of zero' }] : []
  })
  if (!chartRule(input.code) && !input.type) {
    issues.push({ path: 'type' as never, message: 'must be given for an account outside the chart' })
  }
  if (issues.length > 0) throw invalidInput(issues)
  return input
}

/** What holds for a code in all its currencies since it was frozen, unfrozen or closed. */
export interface Restricted {
  readonly code: string
  readonly frozen: Freeze | null
  readonly closed: boolean
}

const codeSchema = z.strictObject({ code: accountCodeSchema, reason: descriptionSchema.optional() })
const freezeSchema = codeSchema.extend({ what: z.enum(['debits', 'all']).optional() })

/** Stops debits (default) or every posting of a code, in all its currencies, those opened later included. */
export const freezeAccountCommand = restrictionCommand('accounts.freeze', freezeSchema, (input) => ({
  frozen: input.what ?? 'debits',
  closed: false,
  reason: input.reason ?? null,
}))

/** Ends a freeze. */
export const unfreezeAccountCommand = restrictionCommand('accounts.unfreeze', codeSchema, (input) => ({
  frozen: null,
  closed: false,
  reason: input.reason ?? null,
}))

/** Closes a code for good, in all its currencies. Each balance must be zero, else `account_not_empty`. */
export const closeAccountCommand = restrictionCommand(
  'accounts.close',
  codeSchema,
  (input) => ({ frozen: null, closed: true, reason: input.reason ?? null }),
  (account) => {
    const balance = balanceOf(account)
    if (balance.minor === 0n) return
    throw ledgerError(
      'account_not_empty',
      `Account ${account.code} still has a balance of ${inWords(balance)}. Move it elsewhere, then close the account.`,
      { account: account.code, balance },
    )
  },
)

function restrictionCommand<Input extends { code: string }>(
  name: string,
  schema: z.ZodType<Input>,
  lay: (input: Input) => Pick<Restriction, 'frozen' | 'closed' | 'reason'>,
  check: (account: Account) => void = () => {},
): Command<Input, Restricted> {
  return {
    name,
    parse: parserOf(schema),
    direct: (input) => ({ codes: [input.code], records: { restrictions: [input.code] }, wholeBook: true }),
    decide(input, draft) {
      if (lay(input).frozen || lay(input).closed) checkNotSuspense(input.code)
      const accounts = draft.accountsOf(input.code)
      if (accounts.length === 0) {
        throw ledgerError(
          'account_not_found',
          `There is no account ${input.code} in any currency. accounts.list shows them.`,
          { account: input.code },
        )
      }
      const known = draft.get(restrictions, input.code)
      if (known?.closed) throw closed(input.code)
      for (const account of accounts) check(account)
      const restriction = { code: input.code, ...lay(input), revision: (known?.revision ?? 0) + 1 }
      draft.put(restrictions, restriction)
      for (const account of accounts) layOn(draft, account, restriction)
      return { code: input.code, frozen: restriction.frozen, closed: restriction.closed }
    },
  }
}

/** Suspense takes whatever no other account does, so it is always open. */
function checkNotSuspense(code: string): void {
  if (chartRule(code)?.pattern !== 'suspense:*') return
  throw ledgerError(
    'account_reserved',
    `${code} takes what no other account does, so it is never frozen or closed. Restrict the account that the money comes from.`,
    {
      account: code,
    },
  )
}

function layOn(draft: Draft, account: Account, { frozen, closed: isClosed }: Restriction): void {
  draft.putAccount({ ...account, frozen, closed: isClosed, revision: account.revision + 1 })
}

function closed(code: string) {
  return ledgerError('account_closed', `Account ${code} is closed for good. Open another one.`, { account: code })
}
