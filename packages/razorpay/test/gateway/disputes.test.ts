import { money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { openGateway } from './open-gateway.js'

const inr = (amount: string) => money(amount, 'INR')

describe('a dispute', () => {
  test('is contested, with a draft before', async () => {
    const { gateway, paid, razorpay, clock, context } = await openGateway()
    const { payment } = await paid('1000.00')
    const reference = razorpay.openDispute(payment, { amountMinor: 30_000n, reasonCode: 'not_received' })
    const open = {
      ...{ reference, payment, amount: inr('300.00'), deducted: inr('0'), state: 'open', phase: 'chargeback' },
      ...{ reasonCode: 'not_received', respondBy: clock.now() + 7 * 86_400_000, at: clock.now() },
    }
    expect(await gateway.disputes.fetch(reference, context)).toEqual(open)
    const draft = { amount: inr('200.00'), summary: 'It took place', proofs: { proof_of_service: ['doc_1'] } }
    expect(await gateway.disputes.contest(reference, draft)).toEqual(open)
    const submitted = await gateway.disputes.contest(reference, { submit: true })
    expect(submitted).toEqual({ ...open, state: 'under_review' })
    await expect(gateway.disputes.contest(reference, { submit: true })).rejects.toMatchObject({
      ...{ name: 'RazorpayError', status: 400 },
    })
    razorpay.winDispute(reference)
    expect(await gateway.disputes.fetch(reference)).toMatchObject({ state: 'won', deducted: inr('0') })
  })

  test('is given in to, and what it took is told', async () => {
    const { gateway, paid, razorpay } = await openGateway()
    const { payment } = await paid('1000.00')
    const reference = razorpay.openDispute(payment)
    expect(await gateway.disputes.accept(reference)).toMatchObject({ state: 'lost', deducted: inr('1000.00') })
    const listed: string[] = []
    for await (const dispute of gateway.disputes.list()) listed.push(dispute.reference)
    expect(listed).toEqual([reference])
  })

  test('that is not there is null', async () => {
    const { gateway } = await openGateway()
    expect(await gateway.disputes.fetch('disp_00000000000000')).toBeNull()
  })
})
