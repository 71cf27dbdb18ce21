import { expect, test } from 'vitest'
import { createCalendar } from '../src/agenda.js'

const DAY = 86_400_000
const LOOK = 61 * 60_000
const end = Date.parse('2026-11-02T18:30:00Z')

test('pays what falls due on the first payday from then on, and looks an hour later', () => {
  const calendar = createCalendar(end)
  calendar.dueAt(end - 2 * DAY)
  calendar.dueAt(end - 2 * DAY + 1)
  calendar.dueAt(end - 2 * DAY + 2)
  expect(calendar.until(end - 2 * DAY - 1)).toEqual([])
  expect(calendar.until(end)).toEqual([
    { at: end - 2 * DAY, what: 'payday' },
    { at: end - 2 * DAY + LOOK, what: 'look' },
    { at: end - DAY, what: 'payday' },
    { at: end - DAY + LOOK, what: 'look' },
    { at: end, what: 'payday' },
  ])
  expect(calendar.until(end)).toEqual([])
})

test('has its last payday at the end, whatever falls due after it', () => {
  const calendar = createCalendar(end)
  calendar.dueAt(end + 1)
  expect(calendar.until(end + 9 * DAY)).toEqual([{ at: end, what: 'payday' }])
})
