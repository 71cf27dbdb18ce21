import { randomUUID } from 'node:crypto'
import {
  accountCodes,
  format,
  type InstructionView,
  isPositive,
  type Ledger,
  LedgerError,
  type Money,
  money,
  type StatementLine,
  zero,
} from 'escrow-ledger'
import { Router } from 'express'
import { z } from 'zod'
import { bookingsOf, CURRENCY } from '../bookings.js'
import { type Guard, refuseOtherSites } from '../guard.js'
import { type Html, html } from '../html.js'
import { page } from '../page.js'
import type { Place } from '../place.js'
import { GATEWAY } from '../razorpay.js'
import { readForm } from '../read-form.js'
import { showMoney, showTime } from '../shown.js'
import { table } from './table.js'

const MOST = 50

const payoutSchema = z.object({
  /** Made with the page, so that the same form sent twice asks for one payout. */
  request: z.uuid(),
  amount: z.string().regex(/^\d{1,9}(\.\d{1,2})?$/, 'must be an amount such as 900.00'),
})

/** What a coach has earned, what makes it up, and paying it out. */
export function coachPages(place: Place, guard: Guard): Router {
  const { pool, ledger } = place
  const router = Router()
  router.get(
    '/coach',
    guard('payee', async (person, _req, res) => {
      const [payable, bookings] = await Promise.all([
        payableOf(ledger, person.id),
        bookingsOf(pool, { coach: person.id }),
      ])
      const lines = await linesOf(ledger, person.id)
      const { items: payouts } = await ledger.payouts.list({ payee: person.id }).page({ limit: MOST })
      const body = html`<div class="card row"><p class="muted">Ready to be paid out</p>
<span class="amount">${showMoney(payable)}</span></div>
${isPositive(payable) ? payoutForm(payable) : null}
<h2>Payouts</h2>
${payoutTable(payouts)}
<h2>How it came about</h2>
${lineTable(lines)}
<h2>Sessions</h2>
${table(
  ['Session', 'When', 'Rating'],
  bookings.map(({ title, starts_at, rating }) => [title, showTime(starts_at), rating ?? '']),
)}`
      res.send(page({ title: 'My earnings', person, body }))
    }),
  )
  router.post(
    '/coach/payouts',
    refuseOtherSites,
    guard('payee', async (person, req, res) => {
      const { request, amount } = readForm(payoutSchema, req.body)
      const id = `${person.id}-${request}`
      await ledger.payouts.request(
        { id, payee: person.id, amount: money(amount, CURRENCY), gateway: GATEWAY },
        { idempotencyKey: `payout:${id}`, actor: person.id },
      )
      res.redirect(303, '/coach')
    }),
  )
  return router
}

/** Nothing where a coach has not earned anything yet: the account is opened by the first release. */
async function payableOf(ledger: Ledger, payee: string): Promise<Money> {
  try {
    return (await ledger.accounts.balance({ account: accountCodes.payable(payee), currency: CURRENCY })).balance
  } catch (error) {
    if (error instanceof LedgerError && error.code === 'account_not_found') return zero(CURRENCY)
    throw error
  }
}

async function linesOf(ledger: Ledger, payee: string): Promise<readonly StatementLine[]> {
  try {
    const query = { account: accountCodes.payable(payee), currency: CURRENCY }
    return (await ledger.accounts.statement(query).page({ limit: MOST })).items
  } catch (error) {
    if (error instanceof LedgerError && error.code === 'account_not_found') return []
    throw error
  }
}

function payoutForm(payable: Money): Html {
  return html`<form method="post" action="/coach/payouts">
<input type="hidden" name="request" value="${randomUUID()}">
<label>Amount in rupees <input name="amount" inputmode="decimal" value="${format(payable)}"></label>
<button>Pay out</button>
</form>`
}

function payoutTable(payouts: readonly InstructionView[]): Html {
  return table(
    ['Asked for', 'Amount', 'State'],
    payouts.map(({ createdAt, amount, state, reason }) => [
      showTime(createdAt),
      amount,
      reason === null ? state : `${state}: ${reason}`,
    ]),
  )
}

function lineTable(lines: readonly StatementLine[]): Html {
  return table(
    ['When', 'What', 'In', 'Out', 'Balance'],
    lines.map(({ effectiveAt, kind, debit, credit, balance }) => [
      showTime(effectiveAt),
      kind.replaceAll('_', ' '),
      credit ?? '',
      debit ?? '',
      balance,
    ]),
  )
}
