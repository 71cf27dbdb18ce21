import type { OracleCommand } from '../oracle/index.js'
import type { Dice } from './dice.js'

type Fields = Readonly<Record<string, unknown>>

const isAmount = (value: unknown): value is { amount: string; currency: string } =>
  typeof value === 'object' && value !== null && 'amount' in value && 'currency' in value

/** Makes an input wrong by itself: one of its amounts or texts. */
export function spoil(command: OracleCommand, dice: Dice): OracleCommand {
  const places = placesIn(command.input)
  if (places.length === 0) return command
  const place = dice.pick(places)
  const wrong = place.isAmount
    ? dice.pick([
        { amount: '0', currency: place.currency },
        { amount: '-1', currency: place.currency },
        { amount: '1.00001', currency: place.currency },
        { amount: '1,000', currency: place.currency },
        { amount: '1.00', currency: 'XXQ' },
        { amount: '9223372036854775808', currency: place.currency },
      ])
    : dice.pick(['', 'a\u0000b', '\ud800', 'x'.repeat(2_000)])
  return { ...command, input: withValue(command.input, place.path, wrong) as OracleCommand['input'] }
}

const skipped: ReadonlySet<string> = new Set(['terms', 'expect', 'parties'])

interface Place {
  readonly path: readonly string[]
  readonly isAmount: boolean
  readonly currency: string
}

/** Texts that every command reads by the same rules. */
const textFields: ReadonlySet<string> = new Set(['id', 'payer', 'payee', 'gateway', 'reference', 'code', 'from'])

/** Where an input has amounts and ids; terms are left to deals that are unsound. */
function placesIn(value: unknown, path: readonly string[] = []): Place[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, field]): Place[] => {
    if (skipped.has(name)) return []
    if (name === 'id' && typeof field === 'object') return []
    const here = [...path, name]
    if (isAmount(field)) return [{ path: here, isAmount: true, currency: field.currency }]
    if (typeof field === 'string' && textFields.has(name)) return [{ path: here, isAmount: false, currency: '' }]
    return placesIn(field, here)
  })
}

function withValue(target: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value
  if (Array.isArray(target))
    return target.map((each, index) => (String(index) === name ? withValue(each, rest, value) : each))
  const fields = target as Fields
  return { ...fields, [name]: withValue(fields[name], rest, value) }
}
