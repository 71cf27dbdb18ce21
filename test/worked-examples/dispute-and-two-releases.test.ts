import { money, type TermsInput } from 'escrow-ledger'
import { expect, test } from 'vitest'
import { expectClean } from '../fixtures/balances.js'
import { rows } from '../fixtures/entry-rows.js'
import { DAY, HOUR, openLedger, START } from '../fixtures/open-ledger.js'
import { coaching } from '../fixtures/sample-terms.js'

const inr = (amount: string) => money(amount, 'INR')

const terms: TermsInput = {
  ...coaching,
  shares: [
    { party: 'platform', percent: '20', cap: '150.00' },
    { party: 'coach', remainder: true },
  ],
}

/** INR 1,000.00, completed with a score that takes a quarter, and 333.33 of it disputed. */
async function disputedDeal() {
  const opened = await openLedger()
  const { ledger } = opened
  const amount = inr('1000.00')
  await ledger.escrows.open({ id: 's3', payer: 'c1', parties: { coach: 'p1' }, amount, terms })
  await ledger.escrows.fund({ id: 's3', amount, gateway: 'razorpay', reference: 'pay_3' })
  await ledger.escrows.complete({ id: 's3', measures: { satisfaction: 2 } })
  const disputed = await ledger.escrows.dispute({ id: 's3', amount: inr('333.33') })
  return { ...opened, disputed }
}

test('each party is paid the difference from what it already had', async () => {
  const { ledger, clock, disputed } = await disputedDeal()
  expect(rows(disputed.entries)).toEqual(['dispute | escrow:s3 333.33 | escrow:s3:frozen 333.33'])
  expect(disputed).toMatchObject({ status: 'disputed', held: inr('666.67'), frozen: inr('333.33') })

  clock.now = START + DAY
  const first = await ledger.escrows.settle({ id: 's3' })
  expect(rows(first.entries)).toEqual([
    'release | escrow:s3 666.67 | platform:fees 133.33, payee:p1:payable 400.00, payer:c1:refunds 133.34',
    'refund_instructed | payer:c1:refunds 133.34 | refunds:in-transit:razorpay 133.34',
  ])
  expect(first).toMatchObject({ status: 'disputed', held: inr('0.00') })

  clock.now += HOUR
  const resolved = await ledger.escrows.resolve({ id: 's3', outcome: { payer: inr('100.00') } })
  expect(rows(resolved.entries)).toEqual([
    'resolution | escrow:s3:frozen 333.33 | payer:c1:refunds 100.00, escrow:s3 233.33',
    'refund_instructed | payer:c1:refunds 100.00 | refunds:in-transit:razorpay 100.00',
  ])
  expect(resolved).toMatchObject({ status: 'completed', dueAt: clock.now })

  const second = await ledger.escrows.settle({ id: 's3' })
  expect(rows(second.entries)).toEqual([
    'release | escrow:s3 233.33 | platform:fees 16.67, payee:p1:payable 162.50, payer:c1:refunds 54.16',
    'refund_instructed | payer:c1:refunds 54.16 | refunds:in-transit:razorpay 54.16',
  ])
  expect(second).toMatchObject({ status: 'settled', released: inr('900.00'), refunded: inr('100.00') })
  const { shares, deductions, releases } = await ledger.escrows.get('s3')
  expect(releases).toBe(2)
  expect(shares).toMatchObject({
    platform: { allotted: inr('150.00'), released: inr('150.00') },
    coach: { allotted: inr('750.00'), deducted: inr('187.50'), released: inr('562.50') },
  })
  expect(deductions).toMatchObject([{ taken: inr('187.50'), shortfall: inr('0.00') }])
  await expectClean(ledger)
})

test('measures are fixed at the first release', async () => {
  const { ledger, clock } = await disputedDeal()
  clock.now = START + DAY
  await ledger.escrows.settle({ id: 's3' })
  const change = ledger.escrows.measure({ id: 's3', measures: { satisfaction: 5 } })
  await expect(change).rejects.toMatchObject({ code: 'measures_fixed' })
})

test.each([
  ['payer', 'escrow:s3:frozen 333.33 | payer:c1:refunds 333.33', 'settled'],
  ['payee', 'escrow:s3:frozen 333.33 | escrow:s3 333.33', 'completed'],
] as const)('a dispute resolved for the %s', async (outcome, posted, status) => {
  const { ledger, clock } = await disputedDeal()
  clock.now = START + DAY
  await ledger.escrows.settle({ id: 's3' })
  const resolved = await ledger.escrows.resolve({ id: 's3', outcome })
  expect(rows(resolved.entries)[0]).toBe(`resolution | ${posted}`)
  expect(resolved.status).toBe(status)
  await expectClean(ledger)
})
