import { describe, expect, test } from 'vitest'
import { money } from '../money/index.js'
import { parseTerms, type TermsInput, termsSchema } from './parse-terms.js'

const terms = (name: string): TermsInput => ({
  shares: [
    { party: 'platform', percent: '20' },
    { party: 'coach', remainder: true },
  ],
  deductions: [
    {
      kind: 'penalty',
      name,
      measure: 'satisfaction',
      scale: { min: '1', max: '5' },
      tiers: [{ below: '2', percent: '50' }],
      from: 'coach',
      to: 'payer',
    },
  ],
})

const deal = { amount: money('1000.00', 'INR'), parties: { coach: 'priya' } }

test.each(['low satisfaction', 'No-show (first time)', 'तेज़ रद्द', 'x'.repeat(64)])(
  'takes "%s" as the name of a deduction',
  (name) => {
    expect(parseTerms(termsSchema.parse(terms(name)), deal).deductions[0]?.name).toBe(name)
  },
)

test.each([
  ['an empty name', ''],
  ['a long name', 'x'.repeat(65)],
  ['a line break', 'low\nsatisfaction'],
])('refuses %s for a deduction', (_, name) => {
  expect(termsSchema.safeParse(terms(name)).error?.issues[0]?.path).toEqual(['deductions', 0, 'name'])
})

describe('a period', () => {
  const issuesOf = (periods: Pick<TermsInput, 'hold' | 'inspection'>) =>
    termsSchema.safeParse({ ...terms('late'), ...periods }).error?.issues.map(({ path, message }) => [path, message])

  test.each([
    ['nothing', {}],
    ['an undefined unit', { hours: undefined }],
    ['undefined units', { days: undefined, hours: undefined, minutes: undefined }],
  ])('with %s is refused: it would let go of the money at once', (_, period) => {
    const says = 'must give days, hours or minutes: 0 for none'
    expect(issuesOf({ hold: period })).toEqual([[['hold'], says]])
    expect(issuesOf({ inspection: period })).toEqual([[['inspection'], says]])
  })

  test('may be none, and has its default where it is left out', () => {
    const none = parseTerms(termsSchema.parse({ ...terms('late'), hold: { hours: 0 }, inspection: { days: 0 } }), deal)
    expect(none).toMatchObject({ holdMs: 0, inspectionMs: 0 })
    const left = parseTerms(termsSchema.parse({ ...terms('late'), hold: undefined }), deal)
    expect(left).toMatchObject({ holdMs: 86_400_000, inspectionMs: null })
  })
})
