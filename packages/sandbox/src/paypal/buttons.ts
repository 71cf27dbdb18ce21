import type { Button } from '../page/button.js'

const amounts = { currency: 'In which currency?', amountMinor: 'How much, in minor units?' }
const waiting = { status: ['CREATED', 'PAYER_ACTION_REQUIRED'] }
const unclaimed = { status: ['UNCLAIMED', 'ONHOLD'] }
const open = { status: ['OPEN', 'WAITING_FOR_SELLER_RESPONSE', 'WAITING_FOR_BUYER_RESPONSE', 'UNDER_REVIEW'] }

/** What a person can do on the page. */
export const payPalButtons: readonly Button[] = [
  { act: 'topUp', label: 'Top up', asks: amounts },
  { act: 'withdraw', label: 'Withdraw', asks: amounts },
  { act: 'processPayouts', label: 'Process payouts' },
  { act: 'onboardSeller', label: 'Onboard a seller', asks: { email: 'With which email address?' } },
  ...(['UNCLAIMED', 'FAILED', 'BLOCKED'] as const).map(
    (outcome): Button => ({
      ...{ act: 'setPayoutOutcome', label: `Payouts to … are ${outcome.toLowerCase()}`, input: { outcome } },
      asks: { receiver: 'Payouts to which receiver?' },
    }),
  ),
  { table: 'orders', act: 'approve', label: 'Approve', when: waiting },
  {
    ...{ table: 'orders', act: 'approve', label: 'Approve, to stay pending', when: waiting },
    input: { outcome: { status: 'PENDING', reason: 'ECHECK' } },
  },
  {
    ...{ table: 'orders', act: 'approve', label: 'Approve, to be declined', when: waiting },
    input: { outcome: { status: 'DECLINED' } },
  },
  { table: 'captures', act: 'completeCapture', label: 'Complete', when: { status: ['PENDING'] } },
  { table: 'captures', act: 'denyCapture', label: 'Deny', when: { status: ['PENDING'] } },
  {
    ...{
      table: 'captures',
      act: 'openDispute',
      label: 'Dispute',
      when: { status: ['COMPLETED', 'PARTIALLY_REFUNDED'] },
    },
    asks: { amountMinor: 'How much, in minor units? Nothing: all of it.' },
  },
  {
    ...{
      table: 'captures',
      act: 'refundByHand',
      label: 'Refund',
      when: { status: ['COMPLETED', 'PARTIALLY_REFUNDED'] },
    },
    asks: { amountMinor: 'How much, in minor units? Nothing: all of it.' },
  },
  { table: 'refunds', act: 'completeRefund', label: 'Complete', when: { status: ['PENDING'] } },
  { table: 'refunds', act: 'failRefund', label: 'Fail', when: { status: ['PENDING'] } },
  { table: 'payouts', act: 'claimPayout', label: 'Claim', when: unclaimed },
  { table: 'payouts', act: 'returnPayout', label: 'Return', when: unclaimed },
  ...(['REFUNDED', 'REVERSED'] as const).map(
    (status): Button => ({
      ...{ table: 'payouts', act: 'takeBackPayout', label: status === 'REFUNDED' ? 'Refund' : 'Reverse' },
      ...{ input: { status }, when: { status: ['SUCCESS'] } },
    }),
  ),
  ...(['buyer', 'seller'] as const).map(
    (inFavourOf): Button => ({
      ...{ table: 'disputes', act: 'resolveDispute', label: `Resolve for the ${inFavourOf}` },
      ...{ input: { inFavourOf }, when: open },
    }),
  ),
  { table: 'referrals', act: 'onboardSeller', label: 'Sign up', when: { status: ['open'] } },
  { table: 'sellers', act: 'revokeConsent', label: 'Revoke consent', when: { consent: ['true'] } },
]
