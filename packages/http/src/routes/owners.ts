import type { BookLedger, EscrowView } from 'escrow-ledger'
import type { Owner } from '../route.js'

/** Whose a session is: its payer's, and everybody's who is named as a party of it. */
function ownersOf({ payer, parties }: EscrowView): readonly Owner[] {
  return [{ role: 'payer', id: payer }, ...Object.values(parties).map((id) => ({ role: 'payee', id }) as const)]
}

export async function sessionOwners(ledger: BookLedger, id: string): Promise<readonly Owner[]> {
  return ownersOf(await ledger.escrows.get(id))
}

/** An order is its session's payer's. */
export async function orderOwners(ledger: BookLedger, id: string): Promise<readonly Owner[]> {
  const { party, escrow } = await ledger.orders.get(id)
  return escrow === null ? [{ role: 'payer', id: party }] : sessionOwners(ledger, escrow)
}
