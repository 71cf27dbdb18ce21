import type { Fault } from './faults.js'

const changed = (id: string, what: string, set: string, also: Fault['also'] = []): Fault => ({
  code: 'escrow_times_differ',
  what,
  plant: ({ run }) => run(`UPDATE ledger_escrows SET ${set} WHERE id = '${id}'`),
  about: { escrow: id },
  also,
})

/** Facts of an escrow's life that its entries, or one another, contradict. */
export const lifeFaults: readonly Fault[] = [
  {
    code: 'escrow_totals_differ',
    what: 'a deal was for less than it was funded with',
    plant: ({ run }) => run(`UPDATE ledger_escrows SET amount_minor = 1 WHERE id = 'funded'`),
    about: { escrow: 'funded' },
  },
  changed('settled', 'a settlement was at another time than the last release', 'settled_at = 1'),
  changed('settled', 'the full funding was at another time', 'funded_at = 1'),
  changed('settled', 'a deal was completed before it was opened', 'completed_at = 1'),
  changed('settled', 'a settled deal was cancelled', 'cancelled_at = opened_at'),
  changed('funded', 'a deal that holds money was cancelled', 'cancelled_at = opened_at'),
  changed('cancelled', 'a cancellation was at another time than its entry', 'cancelled_at = cancelled_at + 1'),
  changed('cancelled', 'a cancelled deal was not', 'cancelled_at = NULL'),
  changed('disputed', 'a dispute was resolved at another time', 'resolved_at = resolved_at + 1'),
  changed('settled', 'a delivery was before the deal', 'delivered_at = 1'),
]
