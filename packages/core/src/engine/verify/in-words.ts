import { formatDay, type LocalDay } from '../../journal/local-day.js'
import { format, fromMinor, isCurrency, type Money } from '../../money/index.js'

const MAX_MINOR = 2n ** 63n
const LAST_INSTANT = 253_402_300_799_999
const LAST_DAY = 2_932_896

/** An amount for the reader. What is wrong enough to be no amount, or in a unit that is not registered, is a text. */
export function shownAmount(minor: bigint, currency: string): Money | string {
  const inRange = minor < MAX_MINOR && minor >= -MAX_MINOR
  return inRange && isCurrency(currency) ? fromMinor(minor, currency) : `${minor} minor units of ${currency}`
}

export function amountInWords(minor: bigint, currency: string): string {
  const amount = shownAmount(minor, currency)
  return typeof amount === 'string' ? amount : `${format(amount)} ${currency}`
}

/** Whether an instant is one that a calendar can show: years 1970 to 9999. */
export function isInstant(instant: number): boolean {
  return instant >= 0 && instant <= LAST_INSTANT
}

export function instantInWords(instant: number | null): string {
  if (instant === null) return 'none'
  return isInstant(instant) ? new Date(instant).toISOString() : `${instant} ms`
}

export function dayInWords(day: LocalDay | null): string {
  if (day === null) return 'none'
  return day >= 0 && day <= LAST_DAY ? formatDay(day) : `day ${day}`
}
