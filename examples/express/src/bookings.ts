import { randomUUID } from 'node:crypto'
import { type Ledger, money } from 'escrow-ledger'
import type { Pool } from 'pg'
import { codeOf, inTransaction } from './in-transaction.js'
import { PageProblem } from './page-problem.js'
import { terms } from './terms.js'

export const CURRENCY = 'INR'

export interface Slot {
  readonly id: string
  readonly coach: string
  readonly coach_name: string
  readonly title: string
  readonly starts_at: Date
  /** A decimal text. */
  readonly price: string
}

export interface Booking extends Omit<Slot, 'id'> {
  /** Also the id of its escrow. */
  readonly id: string
  readonly slot: string
  readonly payer: string
  readonly status: 'booked' | 'completed'
  readonly rating: number | null
}

const slotColumns = 'slots.coach, coaches.name as coach_name, slots.title, slots.starts_at, slots.price'
const bookingColumns = `bookings.id, bookings.slot, bookings.payer, bookings.status, bookings.rating, ${slotColumns}`
const joined = 'join slots on slots.id = bookings.slot join coaches on coaches.id = slots.coach'

interface Place {
  readonly pool: Pool
  readonly ledger: Ledger
}

/** What can be booked: not taken, and not over. */
export async function freeSlots({ pool, ledger }: Place): Promise<Slot[]> {
  const { rows } = await pool.query<Slot>(
    `select slots.id, ${slotColumns} from slots join coaches on coaches.id = slots.coach
     where starts_at >= $1 and not exists (select from bookings where bookings.slot = slots.id)
     order by slots.starts_at`,
    [new Date(ledger.runtime.now())],
  )
  return rows
}

/** A payer's bookings, or those of a coach's slots, by when they start. */
export async function bookingsOf(pool: Pool, who: { readonly payer: string } | { readonly coach: string }) {
  const [column, id] = 'payer' in who ? ['bookings.payer', who.payer] : ['slots.coach', who.coach]
  const text = `select ${bookingColumns} from bookings ${joined} where ${column} = $1 order by slots.starts_at`
  return (await pool.query<Booking>(text, [id])).rows
}

/** A payer's own booking. What is somebody else's is as if it were not there. */
export async function ownBooking(pool: Pool, { id, payer }: { readonly id: string; readonly payer: string }) {
  const text = `select ${bookingColumns} from bookings ${joined} where bookings.id = $1 and bookings.payer = $2`
  const { rows } = await pool.query<Booking>(text, [id, payer])
  if (rows[0]) return rows[0]
  throw new PageProblem(404, 'You have no such booking.')
}

/** Books a slot and opens its escrow, both or neither. Gives the booking's id. */
export async function book(
  { pool, ledger }: Place,
  { slot: slotId, payer }: { readonly slot: string; readonly payer: string },
): Promise<string> {
  const id = randomUUID()
  const now = new Date(ledger.runtime.now())
  try {
    await inTransaction(pool, async (client) => {
      const { rows } = await client.query<Pick<Slot, 'coach' | 'title' | 'price'>>(
        'select coach, title, price from slots where id = $1 and starts_at >= $2',
        [slotId, now],
      )
      const [slot] = rows
      if (!slot) throw new PageProblem(404, 'There is no such session any more.')
      await client.query(`insert into bookings values ($1, $2, $3, 'booked', null, $4)`, [id, slotId, payer, now])
      // The ledger comes last, since what it locks stays locked until the commit.
      await ledger.within(client).escrows.open(
        {
          id,
          payer,
          parties: { coach: slot.coach },
          amount: money(slot.price, CURRENCY),
          terms,
          metadata: { slot: slotId, title: slot.title },
        },
        { idempotencyKey: `open:${id}`, actor: payer },
      )
    })
  } catch (error) {
    if (codeOf(error) !== '23505') throw error
    throw new PageProblem(409, 'Somebody was faster: this session has been booked.')
  }
  return id
}

/** Keeps the payer's rating and completes the escrow, which falls due a day later. Both or neither. */
export async function complete(
  { pool, ledger }: Place,
  { id, payer, rating }: { readonly id: string; readonly payer: string; readonly rating: number },
): Promise<void> {
  const { starts_at } = await ownBooking(pool, { id, payer })
  if (starts_at.getTime() > ledger.runtime.now()) throw new PageProblem(409, 'This session has not taken place yet.')
  await inTransaction(pool, async (client) => {
    const text = `update bookings set status = 'completed', rating = $2 where id = $1 and status = 'booked'`
    const { rowCount } = await client.query(text, [id, rating])
    if (rowCount === 0) throw new PageProblem(409, 'You have rated this session already.')
    const within = ledger.within(client)
    const { funded, amount } = await within.escrows.get(id)
    if (funded.minor < amount.minor) throw new PageProblem(409, 'This session has not been paid yet.')
    await within.escrows.complete(
      { id, measures: { satisfaction: rating } },
      { idempotencyKey: `complete:${id}`, actor: payer },
    )
  })
}
