import { z } from 'zod'
import { accountCodeLimits, descriptionLimits, idLimits, invalidInput, textProblem } from '../accounts/text.js'
import { LedgerError, ledgerError } from '../errors/index.js'
import { assertPositive, type Money, type MoneyInput, moneySchema, parseMoney } from '../money/index.js'
import { issueText } from './issue-text.js'

/** A text inside limits, well-formed and without control characters. */
export function textSchema(limits: { min: number; max: number; lines?: boolean }) {
  return z.custom<string>((text) => textProblem(text, limits) === null, {
    error: (issue) => textProblem(issue.input, limits) ?? undefined,
  })
}

/** An id of the host's own: 1 to 128 characters. */
export const idSchema = textSchema(idLimits)
export const accountCodeSchema = textSchema(accountCodeLimits)
export const descriptionSchema = textSchema(descriptionLimits)
/** A name that the library's own configuration uses: gateways and banks. */
export const nameSchema = textSchema({ min: 1, max: 64 })

export const METADATA_NAMES = 50
export const metadataNameLimits = { min: 1, max: 40 } as const
export const metadataValueLimits = { min: 0, max: 500, lines: true } as const

/** A flat map of texts: at most 50, names to 40 characters, values to 500. Copied, since the caller may change it later. */
export const metadataSchema = z
  .custom<Readonly<Record<string, string>>>()
  .superRefine((metadata, context) => {
    const issue = (message: string, path: string[] = []) => context.addIssue({ code: 'custom', message, path })
    // A Map, a Date and the like have no fields, and would be kept as nothing.
    if (Object.prototype.toString.call(metadata) !== '[object Object]') return issue('must be a flat map of texts')
    const pairs = Object.entries(metadata)
    if (pairs.length > METADATA_NAMES) issue(`must have at most ${METADATA_NAMES} names, not ${pairs.length}`)
    for (const [name, value] of pairs) {
      const problem = textProblem(name, metadataNameLimits)
      if (problem) issue(`has a name that ${problem}`, [name])
      const valueProblem = textProblem(value, metadataValueLimits)
      if (valueProblem) issue(valueProblem, [name])
    }
  })
  .transform((metadata) => ({ ...metadata }))

/** An amount, as `Money` or in its wire form `{ amount, currency }`. */
export const amountSchema: z.ZodType<Money, MoneyInput> = moneySchema

/** An amount above zero, else `amount_not_positive`. */
export const positiveAmountSchema: z.ZodType<Money, MoneyInput> = z.transform((value: MoneyInput, context): Money => {
  try {
    const amount = parseMoney(value)
    assertPositive(amount, 'An amount')
    return amount
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    context.issues.push({ code: 'custom', message: error.message, params: { code: error.code }, input: value })
    return z.NEVER
  }
})

/**
 * Makes a command's parse function of its schema. What is wrong is said all at once, each issue with its path; the code
 * is the first issue's own (`invalid_amount`, `currency_unknown` …), and `invalid_input` where it has none.
 */
export function parserOf<Output>(schema: z.ZodType<Output>): (input: unknown) => Output {
  return (input) => {
    const result = schema.safeParse(input, { error: issueText })
    if (result.success) return result.data
    const found = result.error.issues.flatMap(tellingIssues)
    const issues = found.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
    const code = ownCode(found[0])
    if (code === null) throw invalidInput(issues.map(({ path, message }) => ({ path, message: lowerFirst(message) })))
    throw ledgerError(
      code,
      issues.map(({ path, message }) => (path ? `${path}: ${sentence(message)}` : sentence(message))).join(' '),
    )
  }
}

/** Where an input fits none of several forms, what is wrong with the form that it comes nearest to. */
function tellingIssues(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const nearest = issue.errors.find((form) => form.some((each) => each.path.length > 0))
  return nearest ? nearest.map((each) => ({ ...each, path: [...issue.path, ...each.path] })) : [issue]
}

type AmountCode = 'invalid_amount' | 'amount_not_positive' | 'amount_out_of_range' | 'currency_unknown'
const amountCodes: ReadonlySet<unknown> = new Set<AmountCode>([
  'invalid_amount',
  'amount_not_positive',
  'amount_out_of_range',
  'currency_unknown',
])

/** The code that an issue about an amount brings with it. */
function ownCode(issue: z.core.$ZodIssue | undefined): AmountCode | null {
  if (issue?.code !== 'custom') return null
  const code: unknown = issue.params?.code
  return amountCodes.has(code) ? (code as AmountCode) : null
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
