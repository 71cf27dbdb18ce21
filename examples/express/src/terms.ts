/**
 * What a payer and a coach agree on for every session: 20 % to the platform, the rest to the coach a day after the session,
 * and a part of that back to the payer when the session was rated low.
 */
export const terms = {
  hold: { hours: 24 },
  shares: [
    { party: 'platform', percent: '20' },
    { party: 'coach', remainder: true as const },
  ],
  deductions: [
    {
      kind: 'penalty' as const,
      name: 'low satisfaction',
      measure: 'satisfaction',
      scale: { min: '1', max: '5' },
      tiers: [
        { below: '2', percent: '50' },
        { below: '3', percent: '25' },
      ],
      from: 'coach',
      to: 'payer' as const,
    },
  ],
}
