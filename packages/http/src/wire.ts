import { isMoney, money } from 'escrow-ledger'
import { z } from 'zod'
import { charactersIn, idProblem } from './check-principal.js'

/** Money on the wire: a decimal text and its currency. A number is refused, since it cannot hold every amount. */
export const moneySchema = z
  .strictObject({
    amount: z.string().min(1).max(40).describe('A decimal, such as "1000.00".'),
    currency: z.string().min(1).max(20).describe('ISO 4217, such as "INR".'),
  })
  .meta({ id: 'Money', examples: [{ amount: '1000.00', currency: 'INR' }] })

/** Money that a request gives, checked against its currency; issues carry the ledger's own words. */
export const moneyInputSchema = moneySchema.superRefine(({ amount, currency }, context) => {
  try {
    money(amount, currency)
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) })
  }
})

/** A time on the wire: ISO 8601 in UTC. */
export const timeSchema = z.iso.datetime({ offset: true }).meta({ examples: ['2026-11-02T09:00:00.000Z'] })

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses.
const noControlCharacters = /^[^\u0000-\u001f\u007f-\u009f]*$/

/** A text that names something. It has no control characters: nothing is named with them, and PostgreSQL has no place for NUL. */
export function nameSchema({ min = 1, max }: { readonly min?: number | undefined; readonly max: number }) {
  return z
    .string()
    .min(min)
    .regex(noControlCharacters, 'must not have control characters')
    .refine((text) => charactersIn(text) <= max, {
      error: ({ input }) => `must have at most ${max} characters, not ${charactersIn(input as string)}`,
    })
    .meta({ maxLength: max })
}

/** An id of the host's own, 1 to 128 characters. */
export const idSchema = nameSchema({ max: 128 })

/** The id of somebody who can ask as such: no money is held for an id that no credentials can name. */
export const personSchema = idSchema.superRefine((id, context) => {
  const problem = idProblem(id)
  if (problem !== null) context.addIssue({ code: 'custom', message: problem })
})

/** The fields of views that are times, in milliseconds there. */
const times: ReadonlySet<string> = new Set(['at', 'effectiveAt', 'recordedAt', 'nextAt'])
const isTime = (name: string) => times.has(name) || (name.endsWith('At') && name !== 'failedAt')

/**
 * What the ledger answers in wire form: money as `{ amount, currency }`, times as ISO 8601. Anything else that is no JSON
 * is a mistake of a route and throws.
 */
export function toWire(value: unknown, name = ''): unknown {
  if (value === null || value === undefined || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return isTime(name) ? new Date(value).toISOString() : value
  if (isMoney(value)) return JSON.parse(JSON.stringify(value)) as unknown
  if (Array.isArray(value)) return value.map((each) => toWire(each, name))
  if (typeof value !== 'object') throw new Error(`A ${typeof value} has no form on the wire (${name}).`)
  return Object.fromEntries(
    Object.entries(value).flatMap(([field, each]) => (each === undefined ? [] : [[field, toWire(each, field)]])),
  )
}
