import type { Role } from '@escrow-ledger/http'

/** Somebody who can log in. A real marketplace has a table of them and asks for more than a name. */
export interface Person {
  readonly id: string
  readonly name: string
  readonly role: Extract<Role, 'payer' | 'payee' | 'operator'>
  readonly does: string
}

export const everybody: readonly Person[] = [
  { id: 'chloe', name: 'Chloé', role: 'payer', does: 'books sessions' },
  { id: 'dmitri', name: 'Dmitri', role: 'payer', does: 'books sessions too' },
  { id: 'mateo', name: 'Mateo', role: 'payee', does: 'coaches' },
  { id: 'ingrid', name: 'Ingrid', role: 'operator', does: 'works for the platform' },
]

export function findPerson(id: string): Person | null {
  return everybody.find((person) => person.id === id) ?? null
}
