/** An object that Razorpay answered, read field by field. What is not as documented throws, so nothing is made up of it. */
export interface Answer {
  text(name: string): string
  /** Null where it is missing or empty. */
  optionalText(name: string): string | null
  /** A whole number, as a number or as text. Money is a big integer from here on. */
  integer(name: string): bigint
  optionalInteger(name: string): bigint | null
  flag(name: string): boolean
  /** Seconds since 1970, in milliseconds. */
  at(name: string): number
  optionalAt(name: string): number | null
  /** An object inside; one without fields where there is none, as Razorpay writes empty objects as lists. */
  part(name: string): Answer
  /** The members of a collection. */
  items(): Answer[]
  /** The member under this name as a collection. */
  list(name: string): Answer[]
}

type Fields = Readonly<Record<string, unknown>>

export function readAnswer(value: unknown): Answer {
  if (!isFields(value)) throw new Error('Razorpay gave something that is no object.')
  return answerOf(value)
}

function answerOf(fields: Fields): Answer {
  function read<Value>(name: string, as: (value: unknown) => Value | null): Value {
    const value = as(fields[name])
    if (value !== null) return value
    throw new Error(`Razorpay gave a ${typeof fields.entity === 'string' ? fields.entity : 'thing'} without ${name}.`)
  }
  const optional = <Value>(name: string, as: (value: unknown) => Value | null): Value | null => {
    const value = fields[name]
    return value === undefined || value === null || value === '' ? null : read(name, as)
  }
  const list = (name: string) =>
    read(name, (value) => (Array.isArray(value) ? value : null)).map((each) => readAnswer(each))
  return {
    text: (name) => read(name, textOf),
    optionalText: (name) => optional(name, textOf),
    integer: (name) => read(name, integerOf),
    optionalInteger: (name) => optional(name, integerOf),
    flag: (name) => read(name, flagOf),
    at: (name) => read(name, instantOf),
    optionalAt: (name) => optional(name, instantOf),
    part: (name) => answerOf(isFields(fields[name]) ? fields[name] : {}),
    items: () => list('items'),
    list,
  }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

function integerOf(value: unknown): bigint | null {
  if (typeof value === 'string') return /^-?\d{1,30}$/.test(value) ? BigInt(value) : null
  return Number.isSafeInteger(value) ? BigInt(value as number) : null
}

function flagOf(value: unknown): boolean | null {
  if (value === true || value === 1 || value === '1') return true
  return value === false || value === 0 || value === '0' || value === null || value === undefined ? false : null
}

function instantOf(value: unknown): number | null {
  const seconds = integerOf(value)
  return seconds === null || seconds < 0n || seconds > 100_000_000_000n ? null : Number(seconds) * 1000
}
