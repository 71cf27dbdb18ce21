/** Of each session 20 % is the platform's, the rest the coach's a day later, less what a bad rating gives back to the payer. */
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
