import { z } from 'zod'
import { accountCodeLimits, descriptionLimits, idLimits, invalidInput, textProblem } from '../accounts/text.js'
import { ledgerError } from '../errors/index.js'
import { isPositive, type Money, parseMoney } from '../money/index.js'

/** A text inside limits, well-formed and without control characters. */
export function textSchema(limits: { min: number; max: number; lines?: boolean }) {
  return z.custom<string>().superRefine((text, context) => {
    const problem = textProblem(text, limits)
    if (problem) context.addIssue({ code: 'custom', message: problem })
  })
}

/** An id of the host's own: 1 to 128 characters. */
export const idSchema = textSchema(idLimits)
export const accountCodeSchema = textSchema(accountCodeLimits)
export const descriptionSchema = textSchema(descriptionLimits)
/** A name that the library's own configuration uses: gateways and banks. */
export const nameSchema = textSchema({ min: 1, max: 64 })

export const METADATA_KEYS = 50
const metadataName = { min: 1, max: 40 }
const metadataValue = { min: 0, max: 500, lines: true }

/** A flat map of texts: at most 50, names to 40 characters, values to 500. */
export const metadataSchema = z.custom<Readonly<Record<string, string>>>().superRefine((metadata, context) => {
  const issue = (message: string, path: string[] = []) => context.addIssue({ code: 'custom', message, path })
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata))
    return issue('must be a flat map of texts')
  const pairs = Object.entries(metadata)
  if (pairs.length > METADATA_KEYS) issue(`must have at most ${METADATA_KEYS} names, not ${pairs.length}`)
  for (const [name, value] of pairs) {
    const problem = textProblem(name, metadataName)
    if (problem) issue(`has a name that ${problem}`, [name])
    const valueProblem = textProblem(value, metadataValue)
    if (valueProblem) issue(valueProblem, [name])
  }
})

/** An amount, as `Money` or in its wire form `{ amount, currency }`. Its own error says what is wrong with it. */
export const amountSchema = z.custom<Money>().transform((value) => parseMoney(value))

/** An amount above zero, else `amount_not_positive`. */
export const positiveAmountSchema = amountSchema.transform((amount) => {
  if (isPositive(amount)) return amount
  throw ledgerError('amount_not_positive', 'The amount must be above zero.')
})

/** Makes a command's parse function of its schema: every issue at once, as one `invalid_input`. */
export function parserOf<Output>(schema: z.ZodType<Output>): (input: unknown) => Output {
  return (input) => {
    const result = schema.safeParse(input)
    if (result.success) return result.data
    throw invalidInput(
      result.error.issues.map((issue) => ({ path: issue.path.join('.'), message: lowerFirst(issue.message) })),
    )
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
