import { money } from 'escrow-ledger'
import { Router } from 'express'
import { z } from 'zod'
import { book, CURRENCY, freeSlots, type Slot } from '../bookings.js'
import { type Guard, refuseOtherSites } from '../guard.js'
import { html } from '../html.js'
import { page } from '../page.js'
import type { Place } from '../place.js'
import { readForm } from '../read-form.js'
import { showMoney, showTime } from '../shown.js'

const bookSchema = z.object({ slot: z.string().max(64) })

/** What can be booked, and booking it. */
export function sessionPages(place: Place, guard: Guard): Router {
  const router = Router()
  router.get(
    '/',
    guard('payer', async (person, _req, res) => {
      const slots = await freeSlots(place)
      const body = slots.length > 0 ? html`${slots.map(card)}` : html`<p>Everything has been booked.</p>`
      res.send(page({ title: 'Sessions to book', person, body }))
    }),
  )
  router.post(
    '/bookings',
    refuseOtherSites,
    guard('payer', async (person, req, res) => {
      const { slot } = readForm(bookSchema, req.body)
      const id = await book(place, { slot, payer: person.id })
      res.redirect(303, `/bookings/${id}/checkout`)
    }),
  )
  return router
}

function card({ id, title, coach_name, starts_at, price }: Slot) {
  return html`<form class="card row" method="post" action="/bookings">
<div>
<h2>${title}</h2>
<p class="muted">${coach_name}, ${showTime(starts_at)}</p>
</div>
<input type="hidden" name="slot" value="${id}">
<span class="amount">${showMoney(money(price, CURRENCY))}</span>
<button>Book</button>
</form>`
}
