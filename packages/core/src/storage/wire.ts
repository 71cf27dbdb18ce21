import { isMoney, money } from '../money/index.js'

/**
 * The texts in which nested parts of records are kept. Whole numbers of minor units stand in fields whose names end in
 * `Minor`, and are written as decimal texts; everything else is plain JSON.
 */
export function encodeRecordPart(part: unknown): string {
  return JSON.stringify(part, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
}

export function decodeRecordPart(text: string): unknown {
  const part: unknown = JSON.parse(text)
  readMinorUnits(part)
  return part
}

/** In place, and not by a reviver, which takes several times as long and runs for every record that is loaded. */
function readMinorUnits(part: unknown): void {
  if (typeof part !== 'object' || part === null) return
  const fields = part as Record<string, unknown>
  for (const name of Object.keys(fields)) {
    const value = fields[name]
    if (typeof value !== 'string') readMinorUnits(value)
    else if (name.endsWith('Minor')) fields[name] = BigInt(value)
  }
}

/** The text in which a first result is kept: JSON, money in its wire form `{ amount, currency }`. */
export function encodeResult(result: unknown): string {
  return JSON.stringify(result)
}

export function decodeResult(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => (isWireMoney(value) ? money(value.amount, value.currency) : value))
}

function isWireMoney(value: unknown): value is { amount: string; currency: string } {
  if (typeof value !== 'object' || value === null || isMoney(value)) return false
  const { amount, currency } = value as Record<string, unknown>
  return typeof amount === 'string' && typeof currency === 'string' && Object.keys(value).length === 2
}
