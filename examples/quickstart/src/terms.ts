import type { TermsInput } from 'escrow-ledger'

/** The scale of the scores in the file, which is the scale of the penalty below. */
export const satisfactionScale = { min: '1', max: '5' } as const

/**
 * What the payer and the coach agree to: plain data, which the ledger checks and freezes when an escrow opens. The money
 * is held for a day after the session. Then the platform gets a fifth and the coach the rest, of which an unhappy payer
 * gets a part back.
 */
export const terms: TermsInput = {
  hold: { hours: 24 },
  shares: [
    { party: 'platform', percent: '20' },
    { party: 'coach', remainder: true },
  ],
  deductions: [
    {
      kind: 'penalty',
      name: 'low satisfaction',
      measure: 'satisfaction',
      scale: satisfactionScale,
      // The first that matches counts. Without a score there is no penalty.
      tiers: [
        { below: '2', percent: '50' },
        { below: '3', percent: '25' },
      ],
      from: 'coach',
      to: 'payer',
    },
  ],
}
