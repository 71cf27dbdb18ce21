import { type Ledger, money, type TermsInput } from 'escrow-ledger'
import { keyOf } from './sample-entry.js'

const amount = money('1000.00', 'INR')
const fee = money('23.60', 'INR')
const tax = money('3.60', 'INR')
const GATEWAY = 'manual'

/** Due as soon as it is completed, so that settling need not wait. */
const terms: TermsInput = {
  hold: { hours: 0 },
  shares: [
    { party: 'platform', percent: '20' },
    { party: 'coach', remainder: true },
  ],
}

/** The entries of a whole life: funding, fee and release. */
export const ENTRIES_OF_A_LIFE = 3

type Step = () => Promise<unknown>

/** The steps of one deal's life in order, each a call of its own. */
export function stepsOf(ledger: Ledger, index: number): Record<'open' | 'fund' | 'fee' | 'complete' | 'settle', Step> {
  const id = `session-${index}`
  const reference = `pay-${index}`
  const key = (step: string) => ({ idempotencyKey: keyOf(step, index) })
  const parties = { coach: `coach-${index % 500}` }
  return {
    open: () => ledger.escrows.open({ id, payer: `payer-${index % 2_000}`, parties, amount, terms }, key('open')),
    fund: () => ledger.escrows.fund({ id, amount, gateway: GATEWAY, reference }, key('fund')),
    fee: () => ledger.payments.fee({ gateway: GATEWAY, reference, fee, tax }, key('fee')),
    complete: () => ledger.escrows.complete({ id }, key('complete')),
    settle: () => ledger.escrows.settle({ id }, key('settle')),
  }
}
