import { add, type EscrowView, isPositive } from 'escrow-ledger'
import { Router } from 'express'
import { z } from 'zod'
import { type Booking, bookingsOf, complete } from '../bookings.js'
import { type Guard, refuseOtherSites } from '../guard.js'
import { type Html, html } from '../html.js'
import { page } from '../page.js'
import type { Place } from '../place.js'
import { readForm } from '../read-form.js'
import { showMoney, showTime } from '../shown.js'

const completeSchema = z.object({
  id: z.uuid(),
  rating: z
    .string()
    .regex(/^[1-5]$/)
    .transform(Number),
})

/** A payer's bookings, and what can be done with each. */
export function bookingPages(place: Place, guard: Guard): Router {
  const { pool, ledger } = place
  const router = Router()
  router.get(
    '/bookings',
    guard('payer', async (person, req, res) => {
      const bookings = await bookingsOf(pool, { payer: person.id })
      const escrows = await Promise.all(bookings.map(({ id }) => ledger.escrows.get(id)))
      const awaited = bookings.some(({ id }, index) => id === req.query.paid && escrows[index]?.status === 'opened')
      const now = ledger.runtime.now()
      const cards = bookings.flatMap((booking, index) => {
        const escrow = escrows[index]
        return escrow
          ? [
              card(booking, {
                escrow,
                hasBegun: booking.starts_at.getTime() <= now,
                confirming: awaited && booking.id === req.query.paid,
              }),
            ]
          : []
      })
      const body = cards.length > 0 ? html`${cards}` : html`<p>You have booked nothing yet.</p>`
      res.send(page({ title: 'My bookings', person, body, refresh: awaited ? 2 : undefined }))
    }),
  )
  router.post(
    '/bookings/:id/complete',
    refuseOtherSites,
    guard('payer', async (person, req, res) => {
      const form = readForm(completeSchema, { ...req.body, ...req.params })
      await complete(place, { ...form, payer: person.id })
      res.redirect(303, '/bookings')
    }),
  )
  return router
}

interface Standing {
  readonly escrow: EscrowView
  readonly hasBegun: boolean
}

function card(booking: Booking, { escrow, hasBegun, confirming }: Standing & { readonly confirming: boolean }): Html {
  const { title, coach_name, starts_at } = booking
  return html`<div class="card">
<div class="row">
<div>
<h2>${title}</h2>
<p class="muted">${coach_name}, ${showTime(starts_at)}</p>
</div>
<span class="amount">${showMoney(escrow.amount)}</span>
</div>
${confirming ? html`<p class="notice">Your payment is being confirmed.</p>` : next(booking, { escrow, hasBegun })}
</div>`
}

/** What has come of a booking, or what its payer does next. */
function next({ id, rating }: Booking, { escrow, hasBegun }: Standing): Html {
  // By the terms, what is taken for low satisfaction goes to the payer.
  const returned = escrow.deductions.reduce((sum, { taken }) => add(sum, taken), escrow.refunded)
  const back = isPositive(returned) ? html` ${showMoney(returned)} goes back to you.` : null
  switch (escrow.status) {
    case 'opened':
      return html`<p><a href="/bookings/${id}/checkout">Pay</a> to keep your place.</p>`
    case 'funded':
      if (!hasBegun) return html`<p>Paid. We hold the money until a day after the session.</p>`
      return html`<form method="post" action="/bookings/${id}/complete">
<label>How was it? <select name="rating">
<option value="5">5, excellent</option><option value="4">4</option><option value="3">3</option>
<option value="2">2</option><option value="1">1, bad</option>
</select></label>
<button>Done and rated</button>
</form>`
    case 'completed':
      return html`<p>Rated ${rating}. The coach is paid ${escrow.dueAt === null ? 'later' : showTime(escrow.dueAt)}.</p>`
    case 'settled':
      return html`<p>Rated ${rating}, and settled.${back}</p>`
    default:
      return html`<p>${escrow.status.replaceAll('_', ' ')}.${back}</p>`
  }
}
