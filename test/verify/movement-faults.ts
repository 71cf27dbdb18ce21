import type { Fault } from './faults.js'

const movement = (kind: string, reference: string) => ({ movement: { kind, gateway: 'razorpay', reference } })
const inTransit = { code: 'settlements:in-transit:razorpay', currency: 'INR' }

export const movementFaults: readonly Fault[] = [
  {
    code: 'movement_entry_differs',
    what: 'a settlement in transit counts as failed',
    plant: ({ run }) => run(`UPDATE ledger_movements SET state = 'failed' WHERE reference = 'setl-open'`),
    about: { ...movement('settlement', 'setl-open'), actual: 'settlement, settlement' },
    also: ['in_transit_differs'],
  },
  {
    code: 'movement_entry_differs',
    what: 'a settlement names the entry of another',
    plant: ({ run }) =>
      run(`UPDATE ledger_movements SET entry = (SELECT max(entry) FROM ledger_movements WHERE reference = 'setl-short'),
        last_entry = (SELECT max(entry) FROM ledger_movements WHERE reference = 'setl-short')
        WHERE reference = 'setl-open'`),
    about: movement('settlement', 'setl-open'),
    also: ['record_missing'],
  },
  {
    code: 'movement_entry_differs',
    what: 'the entry of a top-up became another kind',
    plant: ({ run }) => run(`UPDATE ledger_entries SET kind = 'journal' WHERE kind = 'top_up'`),
    about: movement('top_up', 'NEFT-1'),
  },
  {
    code: 'movement_amount_differs',
    what: 'a top-up was for more',
    plant: ({ run }) => run(`UPDATE ledger_movements SET amount_minor = 10001 WHERE kind = 'top_up'`),
    about: movement('top_up', 'NEFT-1'),
  },
  {
    code: 'movement_amount_differs',
    what: 'a credit was for more',
    plant: ({ run }) => run(`UPDATE ledger_movements SET amount_minor = 501 WHERE reference = 'UTR-unknown'`),
    about: movement('credit', 'UTR-unknown'),
  },
  {
    code: 'movement_amount_differs',
    what: 'more of the fee of a settlement was tax',
    plant: ({ run }) => run(`UPDATE ledger_movements SET tax_minor = 19 WHERE reference = 'setl-arrived'`),
    about: movement('settlement', 'setl-arrived'),
  },
  {
    code: 'in_transit_differs',
    what: 'a settlement in transit is for less',
    plant: ({ run }) => run(`UPDATE ledger_movements SET amount_minor = 2999 WHERE reference = 'setl-open'`),
    about: { account: inTransit },
    also: ['movement_amount_differs'],
  },
  {
    code: 'movement_match_differs',
    what: 'a credit forgot its settlement',
    plant: ({ run }) => run(`UPDATE ledger_movements SET matches = NULL WHERE reference = 'UTR-arrived'`),
    about: movement('credit', 'UTR-arrived'),
  },
  {
    code: 'movement_match_differs',
    what: 'a credit belongs to a settlement that does not know of it',
    plant: ({ run }) => run(`UPDATE ledger_movements SET matches = 'setl-open' WHERE reference = 'UTR-unknown'`),
    about: { ...movement('credit', 'UTR-unknown'), actual: 'UTR-open' },
  },
  {
    code: 'movement_match_differs',
    what: 'a settlement was deleted that the bank has shown',
    plant: ({ run }) => run(`DELETE FROM ledger_movements WHERE reference = 'setl-late'`),
    about: { ...movement('credit', 'UTR-late'), actual: 'none' },
    also: ['record_missing'],
  },
]
