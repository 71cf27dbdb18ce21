import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDay, parseDay, zoneOf } from './local-day.js'

const day = (text: string) => parseDay(text) as number

describe('local days', () => {
  it.each([
    ['UTC', '2026-11-01', '2026-11-01T00:00:00.000Z'],
    ['Asia/Kolkata', '2026-11-01', '2026-10-31T18:30:00.000Z'],
    ['Asia/Kathmandu', '2026-11-01', '2026-10-31T18:15:00.000Z'],
    ['America/New_York', '2026-11-01', '2026-11-01T04:00:00.000Z'],
    ['America/New_York', '2026-11-02', '2026-11-02T05:00:00.000Z'],
    // Clocks went forward at midnight: the day began at one.
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z'],
    // Clocks went back at a minute past midnight: the day came a second time, to stay.
    ['America/St_Johns', '2006-10-29', '2006-10-29T03:30:00.000Z'],
  ])('in %s, %s begins at %s', (zone, date, start) => {
    expect(new Date(zoneOf(zone).startOf(day(date))).toISOString()).toBe(start)
  })

  it('never go back, where clocks go back over midnight', () => {
    const { dayOf, startOf } = zoneOf('America/St_Johns')
    const start = startOf(day('2006-10-29'))
    for (let minute = -90; minute < 90; minute++)
      expect(dayOf(start + minute * 60_000)).toBe(day(minute < 0 ? '2006-10-28' : '2006-10-29'))
  })

  it.each([
    ...['UTC', 'Asia/Kolkata', 'America/New_York', 'America/Sao_Paulo', 'Pacific/Apia', 'Australia/Lord_Howe'],
    ...['America/St_Johns', 'Asia/Gaza', 'Antarctica/Casey'],
  ])('in %s a day holds exactly the instants from its start to the next', (zone) => {
    const { dayOf, startOf } = zoneOf(zone)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (instant) => {
        const local = dayOf(instant)
        expect(startOf(local)).toBeLessThanOrEqual(instant)
        expect(startOf(local + 1)).toBeGreaterThan(instant)
        expect(dayOf(startOf(local))).toBe(local)
      }),
      { numRuns: 300 },
    )
  })

  it('refuses a zone that does not exist, and says what one looks like', () => {
    expect(() => zoneOf('Mars/Olympus')).toThrow('timeZone must be an IANA time zone such as "Asia/Kolkata"')
  })

  it.each(['2026-02-29', '2026-13-01', '26-01-01', '2026-1-1', '2026-01-01T00:00:00Z', ''])(
    'refuses %j as a date',
    (text) => {
      expect(parseDay(text)).toBeNull()
    },
  )

  it('writes a day as it is read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), (local) => {
        expect(day(formatDay(local))).toBe(local)
      }),
    )
  })
})
