import { format, type Money } from 'escrow-ledger'

/** An amount for people: `1,234,567.89`. */
export function showAmount(amount: Money): string {
  const [whole = '', fraction] = format(amount).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

/** A count for people: `100,000 rows`. */
export function showCount(count: number, noun: string, plural = `${noun}s`): string {
  const digits = String(count).replace(/\B(?=(\d{3})+$)/g, ',')
  return `${digits} ${count === 1 ? noun : plural}`
}
