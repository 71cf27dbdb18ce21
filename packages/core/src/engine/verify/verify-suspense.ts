import { accountCodes } from '../../accounts/chart.js'

import type { Entry } from '../../journal/entry.js'
import { type Payment, paymentKey } from '../../payments/payment.js'
import { type SuspenseItem, suspenseIdOf, suspenseItems } from '../../payments/suspense.js'
import { createJudge, type Deviation, type Judge } from './deviations.js'
import type { Verification } from './verification.js'
import { isPlain, judgeByEntries } from './verify-payments.js'
import type { RecordCheck } from './walk-records.js'

/** Items of suspense against the entries that put them there, and the payments that they came in with. */
export const suspenseCheck: RecordCheck<SuspenseItem> = {
  kind: suspenseItems,
  counted: 'suspense',
  async judge(verification, page) {
    const ids = new Set(page.map(({ entry }) => entry))
    const found = await verification.reads.entries(verification.book, [...ids])
    const entries = new Map(found.map((entry) => [entry.id, entry]))
    const judged = page.map(async (item): Promise<readonly Deviation[]> => {
      const judge = createJudge({ suspense: item.id })
      judgeItem(item, judge)
      judgeEntry(item, entries.get(item.entry), judge)
      return [...judge.found, ...(await judgePaymentOf(verification, item))]
    })
    return await Promise.all(judged)
  },
  async stamp({ reads, book }, { gateway, reference }) {
    const payment = reference === null ? null : await reads.record(book, 'payments', paymentKey(gateway, reference))
    return `${payment?.revision}`
  },
}

function judgeItem({ amountMinor, remainingMinor, state }: SuspenseItem, judge: Judge): void {
  const within = amountMinor > 0n ? remainingMinor >= 0n && remainingMinor <= amountMinor : remainingMinor <= 0n
  const possible = within && (amountMinor > 0n || remainingMinor >= amountMinor)
  if (!possible) {
    judge.finds('suspense_item_differs', 'More remains of the item than was suspended, or less than nothing.')
  }
  const open = remainingMinor !== 0n
  if (open === (state === 'open')) return
  const differ = { expected: open ? 'open' : 'resolved', actual: state }
  judge.finds('suspense_item_differs', 'Its state does not follow from what remains.', differ)
}

function judgeEntry(item: SuspenseItem, entry: Entry | undefined, judge: Judge): void {
  const { gateway, currency, amountMinor } = item
  const code = accountCodes.suspense(gateway)
  const line = entry?.postings.find(
    (posting) => posting.code === code && posting.currency === currency && posting.amount === -amountMinor,
  )
  const message = `Entry ${item.entry} is not there, or has no line of that amount on ${code}.`
  if (!line) judge.finds('suspense_item_differs', message, { entry: item.entry })
}

/** A payment with an item of its own. One that looks as if nothing had happened to it is judged by its entries here. */
async function judgePaymentOf(verification: Verification, item: SuspenseItem): Promise<readonly Deviation[]> {
  const { id, gateway, reference } = item
  if (reference === null || id !== suspenseIdOf({ gateway, reference })) return []
  const judge = createJudge({ suspense: id, payment: { gateway, reference } })
  const key = paymentKey(gateway, reference)
  const payment = (await verification.reads.record(verification.book, 'payments', key)) as Payment | null
  if (!payment) judge.finds('payment_missing', `Payment ${reference} of ${gateway} has an item, and is not there.`)
  else if (isPlain(payment)) await judgeByEntries(verification, payment, judge)
  return judge.found
}
