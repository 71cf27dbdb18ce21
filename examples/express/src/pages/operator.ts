import type { InstructionView, Ledger, TrialBalance, WebhookView } from 'escrow-ledger'
import { Router } from 'express'
import { z } from 'zod'
import { type Guard, refuseOtherSites } from '../guard.js'
import { type Html, html } from '../html.js'
import { page } from '../page.js'
import type { Place } from '../place.js'
import { readForm } from '../read-form.js'
import { showTime } from '../shown.js'
import { table } from './table.js'

const MOST = 50
const HOUR_MS = 3_600_000

const hoursSchema = z.object({ hours: z.enum(['1', '24']).transform(Number) })
const webhookSchema = z.object({ id: z.string().max(500) })

/** What somebody who runs the marketplace looks after: what is due, what nobody knows of, what was given up, and the books. */
export function operatorPages(place: Place, guard: Guard): Router {
  const { ledger, passTime, sandboxUrl } = place
  const router = Router()
  router.get(
    '/operator',
    guard('operator', async (person, req, res) => {
      const verified = req.query.verify === undefined ? null : await verify(ledger)
      const body = html`${verified}
${await sections(ledger)}
<h2>Try it</h2>
<p>It is ${showTime(ledger.runtime.now())} in the sandbox. What was completed is settled a day later.</p>
<form method="post" action="/operator/time">
<button name="hours" value="1">Let an hour pass</button>
<button name="hours" value="24">Let a day pass</button>
</form>
<p><a href="/operator?verify">Verify the books</a>, or see <a href="${sandboxUrl}">what Razorpay has</a>.</p>`
      res.send(page({ title: 'Operations', person, body }))
    }),
  )
  router.post(
    '/operator/time',
    refuseOtherSites,
    guard('operator', async (_person, req, res) => {
      await passTime(readForm(hoursSchema, req.body).hours * HOUR_MS)
      res.redirect(303, '/operator')
    }),
  )
  router.post(
    '/operator/webhooks/replay',
    refuseOtherSites,
    guard('operator', async (person, req, res) => {
      await ledger.webhooks.replay(readForm(webhookSchema, req.body), { actor: person.id })
      res.redirect(303, '/operator')
    }),
  )
  return router
}

async function sections(ledger: Ledger): Promise<Html> {
  const [due, unknown, dead, trialBalance] = await Promise.all([
    ledger.settlements.due().then(({ escrows }) => escrows.page({ limit: MOST })),
    ledger.instructions.list({ state: ['unknown', 'waiting'] }).page({ limit: MOST }),
    ledger.webhooks.list({ state: 'dead' }).page({ limit: MOST }),
    ledger.reports.trialBalance(),
  ])
  return html`<h2>Due to be settled</h2>
${table(
  ['Booking', 'Due', 'Held', 'Trouble'],
  due.items.map(({ id, dueAt, held, failedAttempt }) => [
    id,
    dueAt === null ? '' : showTime(dueAt),
    held,
    failedAttempt?.code ?? '',
  ]),
)}
<h2>At the gateway, outcome unknown</h2>
${instructionTable(unknown.items)}
<h2>Webhooks that were given up</h2>
${deadTable(dead.items)}
<h2>Trial balance</h2>
${trialTable(trialBalance)}`
}

function instructionTable(instructions: readonly InstructionView[]): Html {
  return table(
    ['What', 'For', 'Amount', 'State'],
    instructions.map(({ kind, party, amount, state, reason }) => [
      kind,
      party,
      amount,
      reason === null ? state : `${state}: ${reason}`,
    ]),
  )
}

function deadTable(webhooks: readonly WebhookView[]): Html {
  return table(
    ['Event', 'Received', 'Why', ''],
    webhooks.map(({ id, type, receivedAt, reason }) => [
      type ?? 'unnamed',
      showTime(receivedAt),
      reason ?? '',
      html`<form method="post" action="/operator/webhooks/replay">
<button class="plain" name="id" value="${id}">Look again</button></form>`,
    ]),
  )
}

function trialTable({ rows, totals }: TrialBalance): Html {
  return table(
    ['Account', 'Debit', 'Credit'],
    [
      ...rows.map(({ account, debit, credit }) => [account, debit ?? '', credit ?? '']),
      ...totals.map(({ currency, debit, credit }) => [`Sum in ${currency}`, debit, credit]),
    ],
  )
}

async function verify(ledger: Ledger): Promise<Html> {
  const { ok, deviations } = await ledger.verify()
  return html`<p class="notice">${
    ok ? 'The books are right: everything was recomputed from the postings.' : `${deviations.length} things deviate.`
  }</p>`
}
