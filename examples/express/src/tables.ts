import type { Pool } from 'pg'

const HOUR_MS = 3_600_000

/**
 * The marketplace's own tables, beside the ledger's, which are in a schema of their own. That a slot is booked once is
 * checked when a transaction commits: whoever comes second has opened an escrow by then, and loses it with the booking.
 */
const schema = `
  create table if not exists coaches (
    id text primary key,
    name text not null,
    ifsc text not null,
    account_number text not null,
    fund_account text
  );
  create table if not exists slots (
    id text primary key,
    coach text not null references coaches,
    title text not null,
    starts_at timestamptz not null,
    price numeric(12, 2) not null check (price > 0)
  );
  create table if not exists bookings (
    id uuid primary key,
    slot text not null references slots,
    payer text not null,
    status text not null check (status in ('booked', 'completed')),
    rating integer check (rating between 1 and 5),
    booked_at timestamptz not null,
    constraint slot_booked_once unique (slot) deferrable initially deferred
  );
`

/** The first starts with the next full hour, the others on the days after. */
const offers = [
  { title: 'Find your next role', price: '1500.00', hours: 0 },
  { title: 'Speak in front of people', price: '1000.00', hours: 24 },
  { title: 'Lead a team for the first time', price: '2400.00', hours: 48 },
  { title: 'Negotiate your salary', price: '1250.50', hours: 72 },
  { title: 'Plan a quiet week', price: '800.00', hours: 96 },
]

/** Makes the tables where they are not there, and something to book. */
export async function prepareTables(pool: Pool, { now }: { readonly now: number }): Promise<void> {
  await pool.query(schema)
  await pool.query(
    `insert into coaches values ('priya', 'Priya Raman', 'HDFC0000317', '50100012345678') on conflict do nothing`,
  )
  for (const [index, { title, price, hours }] of offers.entries()) {
    const startsAt = new Date((Math.ceil(now / HOUR_MS) + hours) * HOUR_MS)
    await pool.query(
      `insert into slots (id, coach, title, starts_at, price) values ($1, 'priya', $2, $3, $4) on conflict do nothing`,
      [`slot-${index + 1}`, title, startsAt, price],
    )
  }
}
