import { storableText } from '../accounts/storable-text.js'
import { type Field, fieldOf } from './field.js'

const HIDDEN = '[redacted]'
/** Whole numbers from here on are as long as those of cards and bank accounts; instants in seconds are shorter. */
const LONG = 100_000_000_000
const MOST_GIVEN = 300

/**
 * What was said to or by a gateway, or any text of others, as it may be kept or logged, in at most so many characters: JSON without the values of fields
 * that name secrets, cards, bank accounts or persons; form bodies and query strings likewise; and no e-mail address or long
 * number in any text. What no field name tells and no pattern finds, such as a name within a sentence, stays.
 */
export function redacted(text: string, most: number): string {
  const safe = withoutTelling(text)
  return storableText(safe.length <= most ? safe : `${safe.slice(0, most - 1)}…`)
}

function withoutTelling(text: string): string {
  if (!/^\s*[[{]/.test(text)) return textKept(text, 'plain')
  try {
    return JSON.stringify(kept(JSON.parse(text), 'plain'))
  } catch {
    // It was cut off, is none, or is nested deeper than the stack.
    return textKept(text, 'plain')
  }
}

/** A value of JSON, as it may be kept in such a field. Items of an array stand in the array's field. */
function kept(value: unknown, field: Field): unknown {
  if (Array.isArray(value)) return value.map((each) => kept(each, field))
  if (typeof value === 'object' && value !== null) return objectKept(value, field)
  if (typeof value !== 'string' && typeof value !== 'number') return value
  if (field === 'hidden') return HIDDEN
  if (typeof value === 'string') return textKept(value, field)
  return field === 'plain' && Number.isInteger(value) && Math.abs(value) >= LONG ? HIDDEN : value
}

function objectKept(object: object, enclosing: Field): unknown {
  const fields = Object.entries(object)
  // What is wrong with an input is told as { field: '/payer/email', value: … }.
  const about = fields.find(([name, value]) => name === 'field' && typeof value === 'string')?.[1] as string | undefined
  return Object.fromEntries(
    fields.map(([name, value]) => {
      const field = fieldOf(name === 'value' ? (about ?? name) : name, enclosing)
      return [textKept(name, 'plain'), isErrorName(name, value) ? value : kept(value, field)]
    }),
  )
}

/** PayPal's word for what went wrong stands under `name`: `RESOURCE_NOT_FOUND`. */
const isErrorName = (name: string, value: unknown): boolean =>
  name === 'name' && typeof value === 'string' && /^[A-Z]+(_[A-Z]+)+$/.test(value)

/**
 * Where a text may tell something. Each part is bounded, begins only where a word does, or cannot fail once begun, so that
 * the time goes with the length of the text.
 */
const places = new RegExp(
  [
    // JSON that cannot be read as a whole.
    /"(?<key>[^"\\]{1,80})"\s?:\s?"(?:[^"\\]|\\.)*/,
    // Query strings and form bodies.
    /(?<![\w.%[\]-])(?<name>[\w.%[\]-]{1,80})=(?<given>[^&\s"'<>]+)/,
    /(?<scheme>Bearer|Basic) [\w.~+/=-]{8,}/,
    // E-mail addresses, and those of UPI, which need no dot.
    /(?<![^\s"'<>()[\]{},;:=&/?@\\])(?<mail>[^\s"'<>()[\]{},;:=&/?@\\]+(?:@|%40)[\p{L}\d][\p{L}\d.-]{0,254})/u,
    // Keys of calls, whose last part may be all digits.
    /(?<uuid>\b[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}\b)/,
    // Telephone, account and card numbers, spaced perhaps; no decimals, and no part of an id.
    /(?<!\w|\d\.)(?<digits>\+\d(?:[ -]?\d){6,40}|\d{10,40}|\d(?:[ -]?\d){11,40})(?!\w|\.\d)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gu',
)

function textKept(text: string, field: Field): string {
  return text.replace(places, (found: string, ...rest: unknown[]) => {
    const { key, name, given, scheme, mail, digits } = rest.at(-1) as Readonly<Record<string, string | undefined>>
    if (key !== undefined) return quotedKept(found, key)
    if (name !== undefined) return givenKept(found, { name, value: decoded(given ?? '') })
    if (scheme !== undefined || mail !== undefined) return HIDDEN
    return digits !== undefined && field !== 'kept' ? HIDDEN : found
  })
}

/** `"name":"value`, without the quote at its end. */
function quotedKept(found: string, key: string): string {
  const start = found.indexOf('"', key.length + 2) + 1
  return found.slice(0, start) + String(kept(found.slice(start), fieldOf(key, 'plain')))
}

/** A value may be a query string again, and that may have one in turn: what is longer is not looked into. */
function givenKept(found: string, { name, value }: { readonly name: string; readonly value: string }): string {
  const isSafe = value.length <= MOST_GIVEN && kept(value, fieldOf(decoded(name), 'plain')) === value
  return isSafe ? found : `${name}=${HIDDEN}`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
