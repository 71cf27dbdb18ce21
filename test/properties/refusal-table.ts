import { readFileSync } from 'node:fs'
import { type ErrorCode, errorCodes } from 'escrow-ledger'

/** What the document calls `ended`. */
const ended = ['escrow_already_settled', 'escrow_already_cancelled', 'escrow_already_refunded'] as const

const postingTimes = ['time_in_future', 'period_closed', 'time_before_last'] as const

/** What the document calls `times`, where it is not all three of them. */
const times: Readonly<Record<string, readonly ErrorCode[]>> = {
  'escrows.deliver': ['time_in_future', 'time_before_last'],
  'escrows.measure': ['time_in_future', 'time_before_last'],
  'escrows.complete': ['time_in_future', 'time_before_last'],
  // Entries of no deal follow none.
  'journal.post': ['time_in_future', 'period_closed'],
  'payouts.request': ['time_in_future', 'period_closed'],
}

/** What the document calls `posting`: which of its refusals a command's own rules leave room for. */
const restricted = ['account_closed', 'account_frozen'] as const
const posting: Readonly<Record<string, readonly ErrorCode[]>> = {
  'journal.post': [
    'entry_unbalanced',
    'entry_too_large',
    'account_not_found',
    ...restricted,
    'amount_out_of_range',
    'insufficient_funds',
    'limit_exceeded',
  ],
  'journal.reverse': [...restricted, 'insufficient_funds'],
  'escrows.fund from credit': ['account_not_found', ...restricted, 'insufficient_funds'],
  'payouts.request': [...restricted, 'insufficient_funds'],
}

/** What the document says outside its tables, or by pointing at another row. */
const elsewhere: Readonly<Record<string, readonly ErrorCode[]>> = {
  'accounts.freeze': ['account_reserved'],
  'accounts.close': ['account_reserved'],
  'escrows.fund': ['payment_mismatch', 'payment_exceeded', 'fee_mismatch'],
  'instructions.fail': ['instruction_not_found', 'instruction_state'],
}

/** Commands that the oracle does not know: their refusals are provoked in `test/errors`, and they are tested on their own. */
const unrehearsed = /^(orders|transfers|movements|clawbacks)\.|^payouts\.fee$/

/** Refusals that only what such a command did can lead to. */
const unreached: Readonly<Record<string, readonly ErrorCode[]>> = {
  'escrows.settle': ['refund_exceeds_payment'],
  'escrows.cancel': ['refund_exceeds_payment'],
  'escrows.resolve': ['refund_exceeds_payment'],
  'suspense.resolve': ['escrow_not_funded', 'escrow_disputed', 'insufficient_held', 'refund_exceeds_payment'],
}

/** Every refusal that `docs/commands.md` names, by command that is rehearsed. */
export function documentedRefusals(): ReadonlyMap<string, ReadonlySet<ErrorCode>> {
  const text = readFileSync(new URL('../../docs/commands.md', import.meta.url), 'utf8')
  const table = new Map<string, Set<ErrorCode>>()
  const add = (command: string, codes: readonly ErrorCode[]) =>
    table.set(command, new Set([...(table.get(command) ?? []), ...codes]))
  let section = ''
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) section = line.replace(/^#+ /, '')
    const [, name = '', , refusals = ''] = line.split(' | ').length > 2 ? ['', ...line.slice(2).split(' | ')] : []
    const command = commandOf(name, section)
    if (command === null || unrehearsed.test(command)) continue
    const codes = codesIn(refusals, command)
    add(
      command,
      codes.filter((code) => !unreached[command]?.includes(code)),
    )
  }
  for (const [command, codes] of Object.entries(elsewhere)) add(command, codes)
  return table
}

/** The command that a row of a table is about, if it is about one. */
function commandOf(name: string, section: string): string | null {
  const [, word] = /^`([a-zA-Z.]+)`/.exec(name) ?? []
  if (word === undefined) return null
  if (section !== 'Escrows') return word.includes('.') ? word : null
  return name.endsWith('from credit') ? 'escrows.fund from credit' : `escrows.${word}`
}

function codesIn(refusals: string, command: string): readonly ErrorCode[] {
  const named = [...refusals.matchAll(/`([a-z_]+)`/g)].map(([, code]) => code)
  return [
    ...named.filter((code): code is ErrorCode => code !== undefined && Object.hasOwn(errorCodes, code)),
    ...(/, ended\b/.test(refusals) ? ended : []),
    ...(/\btimes\b/.test(refusals) ? (times[command] ?? postingTimes) : []),
    ...(/\bposting\b/.test(refusals) ? (posting[command] ?? restricted) : []),
  ]
}

/** What is wrong with an input by itself: any command that takes such an input may be refused so. */
export const inputCodes: readonly ErrorCode[] = [
  'invalid_input',
  'invalid_amount',
  'amount_not_positive',
  'currency_unknown',
  'amount_out_of_range',
  'invalid_terms',
]
