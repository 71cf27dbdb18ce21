import { money } from 'escrow-ledger'
import { Router } from 'express'
import { z } from 'zod'
import { type Booking, CURRENCY, ownBooking } from '../bookings.js'
import { type Guard, refuseOtherSites } from '../guard.js'
import { html } from '../html.js'
import { isPaid, orderToPay } from '../orders.js'
import { page } from '../page.js'
import type { Place } from '../place.js'
import { readForm } from '../read-form.js'
import { showMoney, showTime } from '../shown.js'

const idSchema = z.object({ id: z.uuid() })
const paySchema = z.object({ how: z.enum(['upi', 'card', 'netbanking', 'fail']) })

/** Where a booking is paid. The money is the platform's to hold once the webhook has been looked up, not before. */
export function checkoutPages(place: Place, guard: Guard): Router {
  const { pool, ledger, checkout } = place
  const router = Router()
  router.get(
    '/bookings/:id/checkout',
    guard('payer', async (person, req, res) => {
      const booking = await ownBooking(pool, { id: readForm(idSchema, req.params).id, payer: person.id })
      if (await isPaid(ledger, booking.id)) return res.redirect(303, '/bookings')
      const body = form(booking, { refused: req.query.refused !== undefined })
      res.send(page({ title: 'Checkout', person, body }))
    }),
  )
  router.post(
    '/bookings/:id/pay',
    refuseOtherSites,
    guard('payer', async (person, req, res) => {
      const booking = await ownBooking(pool, { id: readForm(idSchema, req.params).id, payer: person.id })
      const { how } = readForm(paySchema, req.body)
      if (await isPaid(ledger, booking.id)) return res.redirect(303, '/bookings')
      const order = await orderToPay(ledger, booking)
      const method = how === 'fail' ? 'upi' : how
      const paid = await checkout.pay(order, { method, fail: how === 'fail' })
      res.redirect(303, paid ? `/bookings?paid=${booking.id}` : `/bookings/${booking.id}/checkout?refused`)
    }),
  )
  return router
}

function form({ id, title, coach_name, starts_at, price }: Booking, { refused }: { readonly refused: boolean }) {
  const amount = showMoney(money(price, CURRENCY))
  return html`${refused ? html`<p class="notice">Your bank refused the payment. Try again, or another way.</p>` : null}
<div class="card row">
<div>
<h2>${title}</h2>
<p class="muted">${coach_name}, ${showTime(starts_at)}</p>
</div>
<span class="amount">${amount}</span>
</div>
<p>We hold the money until a day after the session. If you rate it below 3, a part of it comes back to you.</p>
<form method="post" action="/bookings/${id}/pay">
<button name="how" value="upi">Pay ${amount} by UPI</button>
<button name="how" value="card">By card</button>
<button name="how" value="netbanking">By netbanking</button>
<button class="plain" name="how" value="fail">Let the bank refuse</button>
</form>
<p class="muted">Razorpay is a sandbox on this machine.</p>`
}
