import type { Button } from '../page/button.js'

const amount = 'How much, in paise? Nothing: all of it.'
const methodOf = (method: string) => ({ method })

/** What a person can do on the page. */
export const razorpayButtons: readonly Button[] = [
  { act: 'topUp', label: 'Top up RazorpayX', asks: { amountMinor: 'How much, in paise?' } },
  { act: 'settle', label: 'Settle with the merchant' },
  { act: 'processRefunds', label: 'Process refunds' },
  { act: 'processTransfers', label: 'Process transfers' },
  { act: 'processPayouts', label: 'Process payouts' },
  ...['upi', 'card', 'netbanking'].map(
    (method): Button => ({
      ...{ table: 'orders', act: 'pay', label: `Pay by ${method}`, input: methodOf(method) },
      when: { status: ['created', 'attempted'] },
    }),
  ),
  {
    ...{ table: 'orders', act: 'pay', label: 'Only authorise', input: { authorizeOnly: true } },
    when: { status: ['created', 'attempted'] },
  },
  {
    ...{ table: 'orders', act: 'pay', label: 'Fail', input: { fail: true } },
    when: { status: ['created', 'attempted'] },
  },
  { table: 'payments', act: 'authorizeLate', label: 'Authorise late', when: { status: ['failed'] } },
  {
    ...{ table: 'payments', act: 'refundByHand', label: 'Refund', asks: { amountMinor: amount } },
    when: { captured: ['true'] },
  },
  {
    ...{ table: 'payments', act: 'openDispute', label: 'Dispute', asks: { amountMinor: amount } },
    when: { captured: ['true'] },
  },
  { table: 'refunds', act: 'failRefund', label: 'Fail', when: { status: ['pending'] } },
  { table: 'transfers', act: 'failTransfer', label: 'Fail', when: { status: ['pending'] } },
  { table: 'accounts', act: 'activateAccount', label: 'Activate', when: { status: ['created'] } },
  { table: 'accounts', act: 'askAccount', label: 'Ask', asks: { field: 'About which field?' } },
  { table: 'accounts', act: 'suspendAccount', label: 'Suspend', when: { status: ['created'] } },
  { table: 'accounts', act: 'settle', label: 'Settle with its bank', when: { status: ['created'] } },
  { table: 'payouts', act: 'approvePayout', label: 'Approve', when: { status: ['pending'] } },
  { table: 'payouts', act: 'rejectPayout', label: 'Reject', when: { status: ['pending'] } },
  { table: 'payouts', act: 'failPayout', label: 'Fail', when: { status: ['processing', 'queued'] } },
  { table: 'payouts', act: 'reversePayout', label: 'Reverse', when: { status: ['processing', 'processed'] } },
  ...(['win', 'lose', 'close'] as const).map(
    (verb): Button => ({
      ...{ table: 'disputes', act: `${verb}Dispute`, label: `${verb[0]?.toUpperCase()}${verb.slice(1)}` },
      when: { status: ['open', 'under_review'] },
    }),
  ),
  { table: 'disputes', act: 'requireEvidence', label: 'Ask for evidence', when: { status: ['under_review'] } },
]
