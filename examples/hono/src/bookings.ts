import { randomUUID } from 'node:crypto'
import { type Ledger, money } from 'escrow-ledger'
import type { Knex } from 'knex'
import { PageProblem } from './page-problem.js'
import { terms } from './terms.js'

export interface Slot {
  readonly id: string
  readonly coach: string
  readonly title: string
  /** Milliseconds since 1970. */
  readonly starts_at: number
  /** A decimal text. */
  readonly price: string
  readonly currency: string
}

export interface Booking extends Omit<Slot, 'id' | 'price' | 'currency'> {
  /** Also the id of its escrow. */
  readonly id: string
  readonly payer: string
  readonly status: 'booked' | 'completed'
  readonly rating: number | null
}

interface Books {
  readonly knex: Knex
  readonly ledger: Ledger
}

/** What can be booked: not taken, and not over. */
export function freeSlots({ knex, ledger }: Books): Promise<Slot[]> {
  const taken = knex('bookings').select('slot')
  return knex('slots').whereNotIn('id', taken).where('starts_at', '>=', ledger.runtime.now()).orderBy('starts_at')
}

export function bookingsOf(knex: Knex, payer: string): Promise<Booking[]> {
  return knex('bookings')
    .join('slots', 'slots.id', 'bookings.slot')
    .where({ payer })
    .select('bookings.id', 'payer', 'status', 'rating', 'coach', 'title', 'starts_at')
    .orderBy('starts_at')
}

/** A payer's own booking. What is somebody else's is as if it were not there. */
export async function ownBooking(
  knex: Knex,
  { id, payer }: { readonly id: string; readonly payer: string },
): Promise<Booking> {
  const found = (await bookingsOf(knex, payer)).find((booking) => booking.id === id)
  if (found) return found
  throw new PageProblem(404, 'You have no such booking.')
}

/** Books a slot and opens its escrow, both or neither. Gives the booking's id. */
export async function book(
  { knex, ledger }: Books,
  { slot: slotId, payer }: { readonly slot: string; readonly payer: string },
) {
  const id = randomUUID()
  const slot = (await knex('slots').where({ id: slotId }).first()) as Slot | undefined
  if (!slot || slot.starts_at < ledger.runtime.now()) throw new PageProblem(404, 'There is no such session any more.')
  await knex.transaction(async (trx) => {
    // Writes first: on SQLite, a transaction that has read cannot write once somebody else has.
    await trx('bookings').insert({ id, slot: slotId, payer, status: 'booked', rating: null })
    const parties = { coach: slot.coach }
    const escrow = { id, payer, parties, amount: money(slot.price, slot.currency), terms }
    await ledger.within(trx).escrows.open(escrow, { idempotencyKey: `open:${id}`, actor: payer })
    // Counted when all is written: whoever comes second loses the escrow with the booking.
    const [{ taken } = { taken: 0 }] = await trx('bookings').where({ slot: slotId }).count({ taken: '*' })
    if (Number(taken) > 1) throw new PageProblem(409, 'Somebody was faster: this session has been booked.')
  })
  return id
}

/** Keeps the payer's rating and completes the escrow, which falls due a day later. Both or neither. */
export async function complete(
  { knex, ledger }: Books,
  { id, payer, rating }: { readonly id: string; readonly payer: string; readonly rating: number },
): Promise<void> {
  const { starts_at } = await ownBooking(knex, { id, payer })
  if (starts_at > ledger.runtime.now()) throw new PageProblem(409, 'This session has not taken place yet.')
  await knex.transaction(async (trx) => {
    const changed = await trx('bookings').where({ id, status: 'booked' }).update({ status: 'completed', rating })
    if (changed === 0) throw new PageProblem(409, 'You have rated this session already.')
    const within = ledger.within(trx)
    const { funded, amount } = await within.escrows.get(id)
    if (funded.minor < amount.minor) throw new PageProblem(409, 'This session has not been paid yet.')
    const measures = { satisfaction: rating }
    await within.escrows.complete({ id, measures }, { idempotencyKey: `complete:${id}`, actor: payer })
  })
}
