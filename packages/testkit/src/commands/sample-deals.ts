import type { TermsInput } from 'escrow-ledger'

/** A deal that escrows are opened for, but for its id and payer. */
export interface SampleDeal {
  readonly amount: { readonly amount: string; readonly currency: string }
  readonly parties: Readonly<Record<string, string>>
  readonly terms: TermsInput
}

type Deduction = NonNullable<TermsInput['deductions']>[number]

const lowSatisfaction: Deduction = {
  kind: 'penalty',
  name: 'low satisfaction',
  measure: 'satisfaction',
  scale: { min: '1', max: '5' },
  tiers: [
    { below: '2', percent: '50' },
    { below: '3', percent: '25' },
  ],
  from: 'coach',
  to: 'payer',
}

const late: Deduction = {
  kind: 'penalty',
  name: 'late',
  measure: 'minutes-late',
  scale: { min: '0', max: '600' },
  tiers: [{ atLeast: '15', fixed: '1500' }],
  from: 'coach',
  to: 'platform',
}

const rest = (party: string) => ({ party, remainder: true as const })
const percent = (party: string, rate: string) => ({ party, percent: rate })

/** Deals that are sound: several currencies and steps, caps and floors, penalties and where they go. */
export const soundDeals: readonly SampleDeal[] = [
  {
    amount: { amount: '1000.00', currency: 'INR' },
    parties: { coach: 'p1' },
    terms: { shares: [percent('platform', '20'), rest('coach')], deductions: [lowSatisfaction] },
  },
  {
    amount: { amount: '333.33', currency: 'INR' },
    parties: { coach: 'p1' },
    terms: {
      hold: { minutes: 0 },
      inspection: { days: 1 },
      shares: [{ ...percent('platform', '20'), floor: '10.00', cap: '50.00' }, rest('coach')],
      deductions: [
        {
          ...lowSatisfaction,
          whenMissing: { percent: '10' },
          to: [
            { to: 'payer', weight: 1 },
            { to: 'platform', weight: 2 },
          ],
        },
      ],
    },
  },
  {
    amount: { amount: '10001', currency: 'JPY' },
    parties: { venue: 'p2', 'coach-a': 'p1', coach: 'p3' },
    terms: {
      hold: { hours: 1 },
      inspection: { hours: 2 },
      shares: [
        { ...percent('platform', '15'), floor: '500', cap: '1200' },
        { party: 'venue', fixed: '2000' },
        percent('coach-a', '40'),
        rest('coach'),
      ],
      deductions: [
        {
          ...lowSatisfaction,
          to: [
            { to: 'payer', weight: 1 },
            { to: 'platform', weight: 1 },
          ],
        },
        late,
      ],
    },
  },
  {
    amount: { amount: '10.010', currency: 'KWD' },
    parties: { coach: 'p1', b: 'p2' },
    terms: {
      step: '0.010',
      shares: [percent('platform', '20'), percent('coach', '40'), rest('b')],
      deductions: [lowSatisfaction],
    },
  },
  {
    amount: { amount: '5.00', currency: 'USD' },
    parties: { coach: 'p1', b: 'p2', c: 'p:3%' },
    terms: {
      hold: { minutes: 30 },
      shares: [percent('coach', '33.333333'), percent('b', '33.333333'), percent('c', '33.333334')],
    },
  },
  {
    amount: { amount: '100.00', currency: 'INR' },
    parties: { coach: 'p2' },
    terms: {
      step: '0.50',
      inspection: { minutes: 30 },
      shares: [{ party: 'platform', fixed: '2.50' }, rest('coach')],
      deductions: [{ ...lowSatisfaction, tiers: [{ below: '5', percent: '100' }] }],
    },
  },
]

const [first] = soundDeals as [SampleDeal]

/** Deals that cannot be agreed to, or whose amount is off their step. */
export const unsoundDeals: readonly SampleDeal[] = [
  { ...first, terms: { shares: [percent('platform', '60'), percent('coach', '40.000001')] } },
  { ...first, terms: { shares: [percent('platform', '60'), percent('coach', '39.999999')] } },
  { ...first, terms: { shares: [percent('platform', '20'), rest('nobody')] } },
  { ...first, terms: { step: '0.30', shares: [rest('coach')] } },
  { ...first, terms: { ...first.terms, hold: { hours: undefined } } },
]
