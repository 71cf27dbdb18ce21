import type { Escrow, Terms } from 'escrow-ledger'
import { START } from './plain-journal.js'

export const BIG = 2n ** 63n - 1n
/** The first whole number that a JavaScript number cannot hold. */
export const PAST_DOUBLE = 2n ** 53n + 1n

const fullTerms: Terms = {
  version: 1,
  holdMs: 86_400_000,
  inspectionMs: 259_200_000,
  stepMinor: 10n,
  shares: [
    { party: 'platform', percent: '33.333333', floorMinor: PAST_DOUBLE, capMinor: BIG },
    { party: 'venue', fixedMinor: PAST_DOUBLE },
    { party: 'payee', remainder: true },
  ],
  deductions: [
    {
      kind: 'penalty',
      name: 'satisfaction',
      measure: 'satisfaction',
      scale: { min: '1', max: '5' },
      tiers: [
        { below: '2', percent: '50' },
        { atLeast: '4.5', fixedMinor: PAST_DOUBLE },
      ],
      whenMissing: { fixedMinor: 0n },
      from: 'payee',
      to: [
        { to: 'payer', weight: 1 },
        { to: 'platform', weight: 3 },
      ],
    },
  ],
}

const bareTerms: Terms = {
  version: 1,
  holdMs: 0,
  inspectionMs: null,
  stepMinor: 1n,
  shares: [{ party: 'payee', remainder: true }],
  deductions: [],
}

/** An escrow with something in every field. */
export const fullEscrow: Escrow = {
  id: 'full "escrow", 1: %',
  payer: 'chén',
  parties: { payee: "p'9", venue: '\u{1f600}', platform: '\uff5e' },
  currency: 'INR',
  amountMinor: BIG,
  terms: fullTerms,
  metadata: { order: '42', note: 'a "note"', ['__proto__']: 'odd' },
  fundedMinor: BIG - 1n,
  heldMinor: PAST_DOUBLE,
  frozenMinor: BIG - 2n,
  releasedMinor: BIG - 3n,
  refundedMinor: BIG - 4n,
  chargedBackMinor: BIG - 5n,
  openedAt: START,
  fundedAt: START + 1,
  deliveredAt: START + 2,
  completedAt: START + 3,
  resolvedAt: START + 4,
  settledAt: START + 5,
  cancelledAt: START + 6,
  lastAt: START + 7,
  measures: { satisfaction: '4.5', punctuality: '-0.000001' },
  fundings: [
    { gateway: 'razorpay', reference: 'pay_1', from: null, amountMinor: BIG, refundedMinor: PAST_DOUBLE },
    { gateway: null, reference: null, from: 'payer:c1:credit', amountMinor: 1n, refundedMinor: 0n },
  ],
  disputes: [
    { id: 'd1', amountMinor: PAST_DOUBLE, reason: null, openedAt: START, resolvedAt: null, payerMinor: null },
    { id: 'd2', amountMinor: 1n, reason: 'late, "very"', openedAt: START, resolvedAt: START + 1, payerMinor: BIG },
  ],
  releases: 2,
  partyTotals: {
    payee: {
      allottedMinor: BIG,
      deductedMinor: PAST_DOUBLE,
      releasedMinor: BIG - PAST_DOUBLE,
      withheldMinor: 0n,
      takenBackMinor: 1n,
    },
  },
  deductionTotals: [{ takenMinor: BIG, shortfallMinor: PAST_DOUBLE, givenMinor: [{ to: 'payer', amountMinor: 7n }] }],
  fallsDueAt: START + 10,
  nextAt: START + 8,
  failedAttempt: {
    code: 'account_closed',
    message: 'Account "payee" is closed.\nAsk.',
    attempts: 3,
    at: START,
    nextAt: START + 9,
  },
  steps: 12,
  revision: 41,
}

/** An escrow with nothing where there may be nothing. */
export const bareEscrow: Escrow = {
  ...fullEscrow,
  id: 'bare',
  parties: {},
  amountMinor: 0n,
  terms: bareTerms,
  metadata: {},
  fundedMinor: 0n,
  heldMinor: 0n,
  frozenMinor: 0n,
  releasedMinor: 0n,
  refundedMinor: 0n,
  chargedBackMinor: 0n,
  openedAt: 0,
  fundedAt: null,
  deliveredAt: null,
  completedAt: null,
  resolvedAt: null,
  settledAt: null,
  cancelledAt: null,
  lastAt: null,
  measures: {},
  fundings: [],
  disputes: [],
  releases: 0,
  partyTotals: {},
  deductionTotals: [],
  fallsDueAt: null,
  nextAt: null,
  failedAttempt: null,
  steps: 0,
  revision: 1,
}
