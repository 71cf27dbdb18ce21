import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Account, accountKey, openAccount } from '../accounts/account.js'
import { newBook } from './book.js'
import { dayChangesOf, noDayChanges, stayOnLatestDay } from './day-totals.js'
import type { Entry } from './entry.js'

const DAY = 86_400_000
const codes = ['a', 'b', 'c']

function accountOf(code: string, day: number | null): Account {
  const opened = openAccount({ code, currency: 'INR', type: 'asset', floor: null, ceiling: null, openedAt: 0 })
  return { ...opened, day }
}

const entryOf = (effectiveAt: number, from: string, to: string): Entry =>
  ({
    effectiveAt,
    postings: [
      { code: from, currency: 'INR', amount: 1n },
      { code: to, currency: 'INR', amount: -1n },
    ],
  }) as unknown as Entry

it('changes no day total where every entry stays on the latest day of its accounts', () => {
  const day = fc.integer({ min: 10, max: 12 })
  const plans = fc.record({
    days: fc.array(fc.option(day), { minLength: 3, maxLength: 3 }),
    entries: fc.array(fc.tuple(day, fc.constantFrom(...codes), fc.constantFrom(...codes)), { maxLength: 4 }),
  })
  const seen = new Set<boolean>()
  fc.assert(
    fc.property(plans, ({ days, entries: planned }) => {
      const accounts = new Map(
        codes.map((code, index) => [accountKey(code, 'INR'), accountOf(code, days[index] ?? null)] as const),
      )
      const entries = planned.map(([at, from, to]) => entryOf(at * DAY + 5, from, to))
      const changed = [...accounts.values()].map((before) => ({ before }))
      const stays = stayOnLatestDay(newBook('main'), changed, entries)
      seen.add(stays)
      if (stays) expect(dayChangesOf(newBook('main'), accounts, entries)).toEqual(noDayChanges)
    }),
    { numRuns: 1_000 },
  )
  expect(seen).toEqual(new Set([true, false]))
})
