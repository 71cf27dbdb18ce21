import { z } from 'zod'
import { accountCodeLimits, idLimits } from '../accounts/text.js'
import { parserOf, textSchema } from '../journal/schema.js'
import { signalProblem } from './signal.js'

/**
 * How a filter or options of these fields are read, by the rules of a command's input: what is left out or undefined is not
 * asked for; a field of another name, or a value of another form, is `invalid_input`.
 */
export function readerOf<Fields extends z.core.$ZodLooseShape>(fields: Fields) {
  const read = parserOf(z.strictObject(fields))
  return (given: unknown = {}) => read(given)
}

/** What of a filter is asked for, as the fields of a record that equal it. */
export function whereOf<Filter extends object>(filter: Filter) {
  const asked = Object.entries(filter).filter(([, value]) => value !== undefined)
  return Object.fromEntries(asked) as { readonly [Field in keyof Filter]: Exclude<Filter[Field], undefined> }
}

/** A currency that something is looked for by: one that is not there is found nowhere. */
export const soughtCurrency = textSchema(idLimits)

/** The beginning of a code. */
export const prefixSchema = textSchema({ min: 0, max: accountCodeLimits.max })

/** One of these, or a list of them. */
export function oneOrMore<const Values extends readonly [string, ...string[]]>(values: Values) {
  const one = z.enum(values)
  return z.union([one, z.array(one)])
}

/** Who asks. */
export const actorSchema = textSchema(idLimits)

export const signalSchema = z.custom<AbortSignal>((given) => signalProblem(given) === null, {
  error: ({ input }) => signalProblem(input) ?? '',
})
