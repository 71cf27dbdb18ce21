import { header, line } from './demo-run.js'

const currencies = [
  { currency: 'INR', decimals: 2 },
  { currency: 'USD', decimals: 2 },
  { currency: 'JPY', decimals: 0 },
  { currency: 'KWD', decimals: 3 },
]
const scores = ['5', '4.5', '', '2', '3', '1', '4']
const START = Date.parse('2026-08-01T00:00:00Z')
const MINUTE_MS = 60_000

/** As many sessions as are asked for, always the same ones, in no order of time: the lines of a file. */
export function* generatedSessions(count: number): Generator<string> {
  yield `${header}\n`
  for (let index = 0; index < count; index++) {
    const { currency, decimals } = pick(currencies, index)
    const text = (minor: number) => decimalText(minor, decimals)
    // Multiplied by numbers without a common divisor, so that neighbours have little in common.
    const amount = 1 + ((index * 7_919) % 500_000)
    const fee = Math.floor(amount / 40)
    const captured = START + ((index * 104_729) % 115_000) * MINUTE_MS
    const session = {
      session: `session-${index}`,
      payer: `payer-${(index * 31) % 20_000}@example.com`,
      payee: `coach ${(index * 17) % 2_000}, Pune`,
      amount: text(amount),
      currency,
      gateway_fee: text(fee),
      gateway_fee_tax: text(Math.floor(fee / 6)),
      captured_at: new Date(captured).toISOString(),
      completed_at: new Date(captured + (index % 1_440) * MINUTE_MS).toISOString(),
      satisfaction: pick(scores, index),
    }
    yield `${line(session)}\n`
  }
}

function pick<Item>(list: readonly Item[], index: number): Item {
  const item = list[index % list.length]
  if (item === undefined) throw new Error('There is nothing to pick from.')
  return item
}

function decimalText(minor: number, decimals: number): string {
  const digits = String(minor).padStart(decimals + 1, '0')
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}
