import { zero } from 'escrow-ledger'
import { Hono } from 'hono'
import { html } from 'hono/html'
import type { Guard } from '../guard.js'
import { layout, shownMoney } from '../layout.js'
import type { Place } from '../place.js'

const HOUR_MS = 3_600_000

/** What the platform's people look at: what is due, what waits for a person, and whether the books are right. */
export function operatorPages({ ledger, sandbox }: Place, guard: Guard): Hono {
  const pages = new Hono()

  pages.get(
    '/operator',
    guard('operator', async (person, context) => {
      const { totals } = await ledger.settlements.due()
      const unknown = await ledger.instructions.list({ state: ['unknown', 'waiting'] }).page()
      const dead = await ledger.webhooks.list({ state: 'dead' }).page()
      const { rows } = await ledger.reports.trialBalance()
      const { ok, deviations } = await ledger.verify()
      const body = html`<p class="told">${ok ? 'The books are right.' : `${deviations.length} deviations.`}</p>
<form method="post" action="/operator/time"><button name="hours" value="1">Let an hour pass</button><button name="hours" value="24">Let a day pass</button></form>
<h2>Due to be settled</h2>
<p>${totals.length === 0 ? 'Nothing.' : totals.map(({ count, amount }) => `${count}: ${shownMoney(amount)}`).join(', ')}</p>
<h2>Waits for a person</h2>
${unknown.items.length + dead.items.length === 0 ? html`<p>Nothing.</p>` : ''}
<ul>${unknown.items.map(({ id, reason }) => html`<li>${id}: ${reason}</li>`)}${dead.items.map(({ id, reason }) => html`<li>${id}: ${reason}</li>`)}</ul>
<h2>Trial balance</h2>
<table>${rows.map(({ account, currency, debit, credit }) => html`<tr><td>${account}</td><td>${debit ? 'debit' : 'credit'}</td><td>${shownMoney(debit ?? credit ?? zero(currency))}</td></tr>`)}</table>`
      return context.html(layout('Operations', person, body))
    }),
  )

  pages.post(
    '/operator/time',
    guard('operator', async (_, context) => {
      const { hours } = await context.req.parseBody()
      await sandbox.clock.advance(hours === '24' ? 24 * HOUR_MS : HOUR_MS)
      return context.redirect('/operator', 303)
    }),
  )
  return pages
}
