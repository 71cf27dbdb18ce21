import { format, type Money } from 'escrow-ledger'

/** An amount as people in India write it. The decimal text goes in whole, so that nothing is rounded. */
export function showMoney(amount: Money): string {
  const style = { style: 'currency', currency: amount.currency } as const
  return new Intl.NumberFormat('en-IN', style).format(format(amount) as `${number}`)
}

export function showTime(at: number | Date): string {
  const style = { timeZone: 'Asia/Kolkata', dateStyle: 'medium', timeStyle: 'short' } as const
  return new Intl.DateTimeFormat('en-IN', style).format(at)
}
