import { randomUUID } from 'node:crypto'
import { accountCodes, isPositive, money, zero } from 'escrow-ledger'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import { CURRENCY } from '../bookings.js'
import { fieldOf, type Guard } from '../guard.js'
import { layout, shownMoney, shownTime } from '../layout.js'
import { PageProblem } from '../page-problem.js'
import { GATEWAY } from '../paypal.js'
import type { Place } from '../place.js'

const amountSchema = z.string().regex(/^\d{1,9}(\.\d{1,2})?$/)

/** What a coach has earned, how it came about, and what was paid out. */
export function coachPages({ ledger }: Place, guard: Guard): Hono {
  const pages = new Hono()

  pages.get(
    '/coach',
    guard('payee', async (person, context) => {
      const account = { account: accountCodes.payable(person.id), currency: CURRENCY }
      const known = await ledger.accounts.list({ prefix: account.account, currency: CURRENCY }).page({ limit: 1 })
      const owed = known.items[0]?.balance ?? zero(CURRENCY)
      const { items: lines } = known.items[0] ? await ledger.accounts.statement(account).page() : { items: [] }
      const { items: payouts } = await ledger.payouts.list({ payee: person.id }).page()
      const ask = html`<form method="post" action="/coach/payouts">
<input type="hidden" name="request" value="${randomUUID()}">
<label>Amount <input name="amount" inputmode="decimal" value="${shownMoney(owed).split(' ')[0]}"></label><button>Pay out to PayPal</button></form>`
      const body = html`<p>Ready to be paid out: <strong>${shownMoney(owed)}</strong></p>
${isPositive(owed) ? ask : ''}
<h2>How it came about</h2>
<table>${lines.map(
        ({ kind, effectiveAt, debit, credit }) =>
          html`<tr><td>${shownTime(effectiveAt)}</td><td>${kind.replaceAll('_', ' ')}</td><td>${credit ? shownMoney(credit) : `−${shownMoney(debit ?? owed)}`}</td></tr>`,
      )}</table>
<h2>Payouts</h2>
<table>${payouts.map(({ createdAt, state, amount }) => html`<tr><td>${shownTime(createdAt)}</td><td>${state}</td><td>${shownMoney(amount)}</td></tr>`)}</table>`
      return context.html(layout('Earnings', person, body))
    }),
  )

  pages.post(
    '/coach/payouts',
    guard('payee', async (person, context) => {
      const amount = amountSchema.safeParse(await fieldOf(context, 'amount'))
      const id = z.uuid().safeParse(await fieldOf(context, 'request'))
      if (!amount.success || !id.success) throw new PageProblem(400, 'An amount looks like 12.50.')
      const request = { id: id.data, payee: person.id, amount: money(amount.data, CURRENCY), gateway: GATEWAY }
      // The form names the payout, so that it is made once however often it is sent.
      await ledger.payouts.request(request, { idempotencyKey: `payout:${id.data}`, actor: person.id })
      return context.redirect('/coach', 303)
    }),
  )
  return pages
}
