import { type Money, parseAmount } from './money.js'
import { malformed, unprocessable } from './refusal.js'

/** The fields of an object in a request's body, each read by what the API says of it, or refused as PayPal does. */
export interface Fields {
  /** Where the object is, as a JSON pointer. */
  readonly at: string
  has(name: string): boolean
  text(name: string, rule?: TextRule): string | undefined
  requiredText(name: string, rule?: TextRule): string
  flag(name: string): boolean | undefined
  object(name: string): Fields | undefined
  requiredObject(name: string): Fields
  list(name: string, rule: { readonly min: number; readonly max: number }): readonly Fields[] | undefined
  /** An amount in `currency_code` and `value`, above zero unless it `mayBeZero`. */
  amount(name: string, rule?: AmountRule): Money | undefined
  requiredAmount(name: string): Money
  /** The object as it came. */
  readonly raw: Readonly<Record<string, unknown>>
}

interface AmountRule {
  readonly mayBeZero?: boolean
}

interface TextRule {
  readonly oneOf?: readonly string[]
  readonly pattern?: RegExp
  readonly max?: number
}

/** Reads a parsed body: an object, or nothing, which is as good as an empty one. */
export function readFields(body: unknown, at = ''): Fields {
  if (!isRecord(body ?? {})) throw malformed('MALFORMED_REQUEST_JSON', { field: at || '/' })
  const raw = (body ?? {}) as Record<string, unknown>
  const path = (name: string) => `${at}/${name}`
  const require = <Value>(name: string, value: Value | undefined): Value => {
    if (value === undefined) throw malformed('MISSING_REQUIRED_PARAMETER', { field: path(name) })
    return value
  }
  const text = (name: string, rule: TextRule = {}) => readText(raw[name], path(name), rule)
  const object = (name: string) => (raw[name] === undefined ? undefined : readNested(raw[name], path(name)))
  const amount = (name: string, rule: AmountRule = {}) => {
    const fields = object(name)
    return fields === undefined ? undefined : readAmount(fields, rule)
  }
  return {
    at,
    raw,
    has: (name) => raw[name] !== undefined,
    text,
    requiredText: (name, rule) => require(name, text(name, rule)),
    flag: (name) => {
      const value = raw[name]
      if (value !== undefined && typeof value !== 'boolean') throw wrongSyntax(path(name), value)
      return value
    },
    object,
    requiredObject: (name) => require(name, object(name)),
    list: (name, { min, max }) => {
      const value = raw[name]
      if (value === undefined) return undefined
      if (!Array.isArray(value)) throw wrongSyntax(path(name), value)
      if (value.length < min) throw malformed('INVALID_ARRAY_MIN_ITEMS', { field: path(name) })
      if (value.length > max) throw malformed('INVALID_ARRAY_MAX_ITEMS', { field: path(name) })
      return value.map((item, index) => readNested(item, `${path(name)}/${index}`))
    },
    amount,
    requiredAmount: (name) => require(name, amount(name)),
  }
}

function readText(value: unknown, field: string, { oneOf, pattern, max = Infinity }: TextRule): string | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'string') throw wrongSyntax(field, value)
  if (value.length > max) throw malformed('INVALID_STRING_MAX_LENGTH', { field, value })
  if (oneOf !== undefined && !oneOf.includes(value)) throw malformed('INVALID_PARAMETER_VALUE', { field, value })
  if (pattern !== undefined && !pattern.test(value)) throw malformed('INVALID_PARAMETER_SYNTAX', { field, value })
  return value
}

function readNested(value: unknown, field: string): Fields {
  if (!isRecord(value)) throw wrongSyntax(field, value)
  return readFields(value, field)
}

function readAmount(fields: Fields, { mayBeZero = false }: AmountRule): Money {
  const currency = fields.requiredText('currency_code')
  const value = fields.requiredText('value', { max: 32 })
  const field = `${fields.at}/value`
  const read = parseAmount(currency, value)
  if (read === 'INVALID_PARAMETER_SYNTAX') throw malformed(read, { field, value })
  if (read === 'INVALID_CURRENCY_CODE') {
    throw unprocessable(read, { field: `${fields.at}/currency_code`, value: currency, location: 'body' })
  }
  if (typeof read === 'string') throw unprocessable(read, { field, value, location: 'body' })
  if (read.minor < 0n && mayBeZero) throw unprocessable('CANNOT_BE_NEGATIVE', { field, value, location: 'body' })
  if (read.minor <= 0n && !mayBeZero)
    throw unprocessable('CANNOT_BE_ZERO_OR_NEGATIVE', { field, value, location: 'body' })
  return read
}

const wrongSyntax = (field: string, value: unknown) =>
  malformed('INVALID_PARAMETER_SYNTAX', { field, value: JSON.stringify(value) ?? '' })

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
