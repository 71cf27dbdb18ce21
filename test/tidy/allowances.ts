/**
 * Exceptions to the rules on purity and on numbers in core. Each covers expressions of one file, written as in the
 * source, that share a reason; an expression that no longer covers anything is itself a finding.
 */
export interface Allowance {
  readonly path: string
  readonly expressions: readonly string[]
  readonly reason: string
}

/** Numbers made of text or big integers that are not money: versions, instants, the parts of a date. */
export const numbersAllowed: readonly Allowance[] = [
  {
    path: 'packages/core/src/journal/local-day.ts',
    expressions: ['year', 'month', 'day', 'hour', 'minute', 'second'].map((part) => `Number(parts.${part})`),
    reason: 'The parts of a date as Intl formats them in a time zone.',
  },
  {
    path: 'packages/core/src/gateways/call-of.ts',
    expressions: ['Number(hold)'],
    reason: 'The instant until which a transfer is held.',
  },
  {
    path: 'packages/core/src/engine/release-in-time.ts',
    expressions: ['Number(hold)'],
    reason: 'The instant until which a transfer is held.',
  },
]

/** Uses of the clock or of timers by the wiring, which hands them on to the rest. */
export const impuritiesAllowed: readonly Allowance[] = []
