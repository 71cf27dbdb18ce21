import { randomUUID } from 'node:crypto'
import {
  accountCodes,
  format,
  type InstructionView,
  isPositive,
  type Money,
  money,
  type StatementLine,
} from 'escrow-ledger'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import { fieldOf, type Guard } from '../guard.js'
import { layout, type Markup, shownMoney, shownTime } from '../layout.js'
import { PageProblem } from '../page-problem.js'
import { GATEWAY } from '../paypal.js'
import type { Place } from '../place.js'

const currencySchema = z.enum(['USD', 'EUR'])
const amountSchema = z.string().regex(/^\d{1,9}(\.\d{1,2})?$/)

/** What a coach has earned, how it came about, and what was paid out. */
export function coachPages({ ledger }: Place, guard: Guard): Hono {
  const pages = new Hono()

  pages.get(
    '/coach',
    guard('payee', async (person, context) => {
      const code = accountCodes.payable(person.id)
      const { items: accounts } = await ledger.accounts.list({ prefix: code }).page()
      const owed = accounts.filter((account) => account.code === code)
      const lines = await Promise.all(
        owed.map(async ({ currency }) => (await ledger.accounts.statement({ account: code, currency }).page()).items),
      )
      const { items: payouts } = await ledger.payouts.list({ payee: person.id }).page()
      const body = html`${owed.length === 0 ? html`<p>Nothing is ready to be paid out yet: a session is settled a day after it was rated.</p>` : owed.map(({ balance }) => readyCard(balance))}
<h2>How it came about</h2>
${lines.flat().length === 0 ? html`<p>Nothing yet.</p>` : html`<table>${lines.flat().map(lineRow)}</table>`}
<h2>Payouts</h2>
${payouts.length === 0 ? html`<p>Nothing yet.</p>` : html`<table>${payouts.map(payoutRow)}</table>`}`
      return context.html(layout('Earnings', person, body))
    }),
  )

  pages.post(
    '/coach/payouts',
    guard('payee', async (person, context) => {
      const amount = amountSchema.safeParse(await fieldOf(context, 'amount'))
      const id = z.uuid().safeParse(await fieldOf(context, 'request'))
      if (!amount.success || !id.success) throw new PageProblem(400, 'An amount looks like 12.50.')
      const currency = currencySchema.safeParse((await fieldOf(context, 'currency')) || 'USD')
      if (!currency.success) throw new PageProblem(400, 'Earnings are paid out in USD or EUR.')
      const request = { id: id.data, payee: person.id, amount: money(amount.data, currency.data), gateway: GATEWAY }
      // The form names the payout, so that it is made once however often it is sent.
      await ledger.payouts.request(request, { idempotencyKey: `payout:${id.data}`, actor: person.id })
      return context.redirect('/coach', 303)
    }),
  )
  return pages
}

/** What is owed in one currency, and the form that asks for it. */
function readyCard(owed: Money): Markup {
  const ask = html`<form method="post" action="/coach/payouts">
<input type="hidden" name="request" value="${randomUUID()}"><input type="hidden" name="currency" value="${owed.currency}">
<label>Amount in ${owed.currency} <input name="amount" inputmode="decimal" value="${format(owed)}"></label><button>Pay out to PayPal</button></form>`
  return html`<article>Ready to be paid out: <strong>${shownMoney(owed)}</strong>
${isPositive(owed) ? ask : ''}</article>`
}

function lineRow({ kind, effectiveAt, debit, credit, balance }: StatementLine): Markup {
  const amount = credit ? shownMoney(credit) : `−${shownMoney(debit ?? balance)}`
  return html`<tr><td>${shownTime(effectiveAt)}</td><td>${kind.replaceAll('_', ' ')}</td><td>${amount}</td></tr>`
}

function payoutRow({ createdAt, state, reason, amount }: InstructionView): Markup {
  const outcome = reason === null ? state : `${state}: ${reason}`
  return html`<tr><td>${shownTime(createdAt)}</td><td>${outcome}</td><td>${shownMoney(amount)}</td></tr>`
}
