import { type Account, type Books, balanceOf, copyBooks, type LeftOwed } from './books.js'
import { dayOf } from './calendar.js'
import { escapeId, unescapeId } from './chart.js'
import type { Command } from './command.js'
import { request } from './instructions.js'
import { gatewayFacts } from './payment.js'
import { exponentOf, optional, readAmount, readText } from './read-input.js'
import { Refusal, refuseIf } from './refusal.js'

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Requests a payout of each payable balance, in whole steps of the gateway: at most one for each payee and currency in
 * a day, a week from Monday or a month. What stays owed is told.
 */
export const runPayouts: Command = (input, books) => {
  const gateway = readText(input.gateway, 64)
  const minimum = optional(input.minimum, (amount) => readAmount(books.settings.exponents, amount))
  const schedule = input.schedule ?? 'daily'
  refuseIf(schedule !== 'daily' && schedule !== 'weekly' && schedule !== 'monthly', 'invalid_input')
  return () => {
    const period = periodOf(dayOf(books.zone, books.now), schedule as string)
    const before = books.entries.length
    const requested: string[] = []
    const left: LeftOwed[] = []
    for (const { code, currency } of [...books.accounts.values()].filter(isPayable)) {
      const owed = balanceOf(books, code, currency)
      if (owed <= 0n || (minimum && minimum.currency !== currency)) continue
      const payee = unescapeId(code.split(':')[1] ?? '')
      const facts = gatewayFacts(books, gateway)
      const amount = owed - (owed % (facts?.step?.(currency) ?? 1n))
      const isTooLittle = owed < (minimum?.minor ?? 0n) || amount < (facts?.minimum?.(currency) ?? 0n) || amount === 0n
      const id = `auto:${period}:${currency}:${payee}`
      if (!isTooLittle && isRequested(books, { id, payee, gateway, amount: written(books, amount, currency) })) {
        requested.push(id)
      } else left.push({ payee, owed, currency })
    }
    return { entries: books.entries.slice(before), payouts: { requested, left } }
  }
}

/** Whether a payout was taken; one that is refused leaves nothing. */
function isRequested(books: Books, input: Parameters<Command>[0]): boolean {
  const attempt = copyBooks(books)
  try {
    request(input, attempt)()
    Object.assign(books, attempt)
    return true
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

/** A payee's own payable, and none of a host's that is called alike. */
function isPayable({ code }: Account): boolean {
  const [kind, payee = '', last, ...more] = code.split(':')
  return kind === 'payee' && last === 'payable' && more.length === 0 && escapeId(unescapeId(payee)) === payee
}

function written({ settings }: Books, minor: bigint, currency: string): { amount: string; currency: string } {
  const places = exponentOf(settings.exponents, currency)
  const digits = minor.toString().padStart(places + 1, '0')
  const amount = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`
  return { amount, currency }
}

/** The name of a period by a day in it. */
function periodOf(day: string, schedule: string): string {
  if (schedule === 'daily') return day
  if (schedule === 'monthly') return day.slice(0, 7)
  const midnight = Date.parse(`${day}T00:00:00.000Z`)
  const sinceMonday = (new Date(midnight).getUTCDay() + 6) % 7
  return `week-${new Date(midnight - sinceMonday * DAY_MS).toISOString().slice(0, 10)}`
}
