import type { Knex } from 'knex'

const HOUR_MS = 3_600_000

const offers = [
  { title: 'Présenter en public', price: '90.00', currency: 'USD', hours: 0 },
  { title: 'Negotiate in English', price: '120.00', currency: 'USD', hours: 24 },
  { title: 'Lead from afar', price: '75.50', currency: 'USD', hours: 48 },
  { title: 'Vendre sans peur', price: '80.00', currency: 'EUR', hours: 72 },
]

/** The marketplace's own tables, in the file that the ledger's are in; and something to book. */
export async function prepareTables(knex: Knex, { now }: { readonly now: number }): Promise<void> {
  await knex.schema.createTable('coaches', (table) => {
    table.text('id').primary()
    table.text('name').notNullable()
    table.text('paypal').notNullable()
  })
  await knex.schema.createTable('slots', (table) => {
    table.text('id').primary()
    table.text('coach').notNullable().references('coaches.id')
    table.text('title').notNullable()
    table.integer('starts_at').notNullable()
    table.text('price').notNullable()
    table.text('currency').notNullable()
  })
  await knex.schema.createTable('bookings', (table) => {
    table.text('id').primary()
    table.text('slot').notNullable().references('slots.id')
    table.text('payer').notNullable()
    table.text('status').notNullable()
    table.integer('rating')
  })
  await knex('coaches').insert({ id: 'mateo', name: 'Mateo Vargas', paypal: 'mateo@example.com' })
  const first = Math.ceil(now / HOUR_MS) * HOUR_MS
  const slots = offers.map(({ title, price, currency, hours }, index) => {
    return { id: `slot-${index + 1}`, coach: 'mateo', title, price, currency, starts_at: first + hours * HOUR_MS }
  })
  await knex('slots').insert(slots)
}
