import type { Books } from './books.js'
import { readAmount, readMeasures } from './read-input.js'

/** A command and its input as one text, equal for inputs that say the same: `1000.0` is `1000.00`, in any key order. */
export function fingerprintOf(books: Books, request: { readonly command: string; readonly input: unknown }): string {
  return `${request.command} ${canonical(books, request.input)}`
}

function canonical(books: Books, value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  if (Array.isArray(value)) return `[${value.map((each) => canonical(books, each)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined'
  const fields = Object.entries(value).filter(([, each]) => each !== undefined)
  if (isAmount(fields.map(([name]) => name))) {
    const { minor, currency } = readAmount(books.settings.exponents, value)
    return `${currency} ${minor}`
  }
  const names = fields.map(([name]) => name).sort()
  const texts = names.map((name) => `${JSON.stringify(name)}:${canonicalField(books, name, Reflect.get(value, name))}`)
  return `{${texts.join(',')}}`
}

function canonicalField(books: Books, name: string, value: unknown): string {
  if (name !== 'measures') return canonical(books, value)
  const scores = [...readMeasures(value)].map(([measure, { over, under }]) => {
    const numbers = { over, under }
    while (numbers.under > 1n && numbers.over % 10n === 0n) {
      numbers.over /= 10n
      numbers.under /= 10n
    }
    return `${JSON.stringify(measure)}:${numbers.over}/${numbers.under}`
  })
  return `{${scores.sort().join(',')}}`
}

const isAmount = (names: readonly string[]): boolean =>
  names.length === 2 && names.includes('currency') && (names.includes('minor') || names.includes('amount'))
