import { describe, expect, it } from 'vitest'
import { instantSchema, postingInstant, readingInstant } from './instant.js'

const zone = 'Asia/Kolkata'

describe('times that a caller gives', () => {
  it.each([
    [1_793_527_200_000, 1_793_527_200_000],
    [new Date('2026-11-01T10:00:00Z'), Date.parse('2026-11-01T10:00:00Z')],
    ['2026-11-01T10:00:00Z', Date.parse('2026-11-01T10:00:00Z')],
    ['2026-11-01T15:30:00.250+05:30', Date.parse('2026-11-01T10:00:00.250Z')],
  ])('reads %s', (given, instant) => {
    expect(postingInstant(instantSchema.parse(given), zone)).toBe(instant)
    expect(readingInstant(instantSchema.parse(given), zone)).toBe(instant)
  })

  it('takes a bare date as its start when posting, and as its end when reading', () => {
    const parsed = instantSchema.parse('2026-11-01')
    expect(new Date(postingInstant(parsed, zone)).toISOString()).toBe('2026-10-31T18:30:00.000Z')
    expect(new Date(readingInstant(parsed, zone)).toISOString()).toBe('2026-11-01T18:29:59.999Z')
  })

  it('takes the first date for the first instant, where the day began before that', () => {
    const first = instantSchema.parse('1970-01-01')
    expect(postingInstant(first, zone)).toBe(0)
    expect(postingInstant(first, 'America/New_York')).toBe(5 * 3_600_000)
    expect(postingInstant(instantSchema.parse('1970-01-02'), zone)).toBe(18.5 * 3_600_000)
  })

  it.each([
    Number.NaN,
    1.5,
    -1,
    Number.POSITIVE_INFINITY,
    8.64e15,
    '2026-11-01T10:00:00',
    '1 Nov 2026',
    '2026-02-30T10:00:00Z',
    null,
    {},
    new Date('x'),
    '1969-12-31',
  ])('refuses %s', (given) => expect(instantSchema.safeParse(given).success).toBe(false))
})
