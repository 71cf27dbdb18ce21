import { expect, test } from 'vitest'
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
