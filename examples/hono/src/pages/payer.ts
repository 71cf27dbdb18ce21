import type { EscrowView } from 'escrow-ledger'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import { type Booking, book, bookingsOf, complete, freeSlots, ownBooking } from '../bookings.js'
import { fieldOf, type Guard } from '../guard.js'
import { layout, type Markup, shownMoney, shownTime } from '../layout.js'
import { isPaid, orderToPay, refreshOrders } from '../orders.js'
import { PageProblem } from '../page-problem.js'
import { approveAtPayPal } from '../paypal.js'
import type { Place } from '../place.js'

const ratingSchema = z.string().regex(/^[1-5]$/)

/** What a payer sees: what can be booked, and what was. */
export function payerPages(place: Place, guard: Guard): Hono {
  const { knex, ledger, sandbox } = place
  const pages = new Hono()

  pages.get(
    '/',
    guard('payer', async (person, context) => {
      const bookings = await bookingsOf(knex, person.id)
      const escrows = await Promise.all(bookings.map(({ id }) => ledger.escrows.get(id)))
      const now = ledger.runtime.now()
      const own = bookings.map((booking, index) => bookingCard(booking, escrows[index], now))
      const free = (await freeSlots(place)).map(
        ({
          id,
          title,
          starts_at,
          price,
          currency,
        }) => html`<article><h2>${title}</h2>${shownTime(starts_at)}, ${price} ${currency}
<form method="post" action="/slots/${id}/book"><button>Book</button></form></article>`,
      )
      return context.html(layout('Sessions', person, [...own, html`<h2>To be booked</h2>`, ...free]))
    }),
  )

  pages.post(
    '/slots/:slot/book',
    guard('payer', async (person, context) => {
      const id = await book(place, { slot: context.req.param('slot') ?? '', payer: person.id })
      return context.redirect(`/bookings/${id}/pay`, 303)
    }),
  )

  pages.get(
    '/bookings/:id/pay',
    guard('payer', async (person, context) => {
      const { id, title } = await ownBooking(knex, { id: context.req.param('id') ?? '', payer: person.id })
      if (await isPaid(ledger, id)) return context.redirect('/', 303)
      const { amount } = await ledger.escrows.get(id)
      const body = html`<p>${title}: <strong>${shownMoney(amount)}</strong>, held until a day after the session.</p>
<form method="post" action="/bookings/${id}/approve"><button>Pay with PayPal</button></form>
<p class="told">In production the browser goes to PayPal here, and comes back when you have agreed.</p>`
      return context.html(layout('Checkout', person, body))
    }),
  )

  pages.post(
    '/bookings/:id/approve',
    guard('payer', async (person, context) => {
      const booking = await ownBooking(knex, { id: context.req.param('id') ?? '', payer: person.id })
      const order = await orderToPay(ledger, booking)
      if (order === null) return context.redirect('/', 303)
      await approveAtPayPal(sandbox, order)
      return context.redirect(`/bookings/${booking.id}/return`, 303)
    }),
  )

  // Where PayPal sends the browser. What was agreed is captured now; the webhook would have it done as well.
  pages.get(
    '/bookings/:id/return',
    guard('payer', async (person, context) => {
      const { id } = await ownBooking(knex, { id: context.req.param('id') ?? '', payer: person.id })
      await refreshOrders(ledger, id)
      return context.redirect('/', 303)
    }),
  )

  pages.post(
    '/bookings/:id/complete',
    guard('payer', async (person, context) => {
      const rating = ratingSchema.safeParse(await fieldOf(context, 'rating'))
      if (!rating.success) throw new PageProblem(400, 'A rating is 1, 2, 3, 4 or 5.')
      const id = context.req.param('id') ?? ''
      await complete(place, { id, payer: person.id, rating: Number(rating.data) })
      return context.redirect('/', 303)
    }),
  )
  return pages
}

function bookingCard(booking: Booking, escrow: EscrowView | undefined, now: number): Markup {
  return html`<article><h2>${booking.title}</h2>${shownTime(booking.starts_at)}
<div>${escrow ? whatNext(booking, escrow, now) : ''}</div></article>`
}

function whatNext(
  { id, rating, starts_at }: Booking,
  { status, amount, dueAt, deductions }: EscrowView,
  now: number,
): Markup {
  switch (status) {
    case 'opened':
      return html`<a href="/bookings/${id}/pay">Pay ${shownMoney(amount)}</a>`
    case 'funded':
      if (starts_at > now) return html`Paid and held.`
      return html`<form method="post" action="/bookings/${id}/complete">
<label>How was it? <select name="rating">${[5, 4, 3, 2, 1].map((each) => html`<option>${each}</option>`)}</select></label>
<button>Rate</button></form>`
    case 'completed':
      return html`Rated ${rating}. The coach is paid after ${shownTime(dueAt ?? now)}.`
    case 'settled': {
      const back = deductions.find(({ taken }) => taken.minor > 0n)
      return html`Rated ${rating}, and settled.${back ? ` ${shownMoney(back.taken)} goes back to you.` : ''}`
    }
    default:
      return html`${status}`
  }
}
