import type { RecordKind } from './records.js'

/** That an entry was reversed. There is one whole reversal now; the sequence leaves room for several partial ones. */
export interface Reversal {
  /** The entry that was reversed. */
  readonly entry: string
  readonly sequence: number
  /** The entry that reverses it. */
  readonly reversal: string
  readonly revision: number
}

export const reversals: RecordKind<Reversal> = {
  name: 'reversals',
  keyOf: (reversal) => reversalKey(reversal.entry, reversal.sequence),
}

export function reversalKey(entry: string, sequence: number): string {
  return `${entry}/${sequence}`
}
