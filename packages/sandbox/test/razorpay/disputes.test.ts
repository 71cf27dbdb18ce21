import { describe, expect, test } from 'vitest'
import { openRazorpay } from '../fixtures/open-razorpay.js'

async function openDisputed(options: { holdBack?: boolean } = {}) {
  const opened = await openRazorpay({ razorpay: { settlements: 'manual' } })
  const { paymentId } = await opened.paid(100_000)
  const id = opened.razorpay.openDispute(paymentId, { amountMinor: 40_000n, ...options })
  const events = () =>
    opened.sandbox.webhooks
      .all()
      .map(({ event }) => event)
      .filter((event) => event.startsWith('payment.dispute.'))
      .map((event) => event.replace('payment.dispute.', ''))
  return { ...opened, id, paymentId, events }
}

describe('a dispute', () => {
  test('that is contested may want more evidence, and be won', async () => {
    const { sdk, call, razorpay, id, events } = await openDisputed()
    expect(await sdk.disputes.fetch(id)).toMatchObject({ status: 'open', amount: 40_000, amount_deducted: 0 })
    const contest = (body: object) => call('PATCH', `/v1/disputes/${id}/contest`, body)
    expect((await contest({ action: 'submit' })).status).toBe(400)
    const draft = await contest({ summary: 'It was given', proof_of_service: ['doc_EFtmUsbwpXwBH9'] })
    expect(draft.body).toMatchObject({ status: 'open', evidence: { summary: 'It was given', submitted_at: null } })
    expect((await contest({ action: 'submit' })).body).toMatchObject({ status: 'under_review' })
    expect((await contest({ action: 'submit' })).status).toBe(400)
    razorpay.requireEvidence(id)
    await contest({ action: 'submit', billing_proof: ['doc_EFtmUsbwpXwBH8'] })
    razorpay.winDispute(id)
    expect(await sdk.disputes.fetch(id)).toMatchObject({ status: 'won', amount_deducted: 0 })
    expect(razorpay.balances()).toMatchObject({ clearing: 97_640n, outside: { payers: -100_000n } })
    expect(events()).toEqual(['created', 'under_review', 'action_required', 'under_review', 'won'])
    expect(() => razorpay.loseDispute(id)).toThrow('is won already')
  })

  test('that is accepted is lost, and takes its amount', async () => {
    const { sdk, razorpay, id } = await openDisputed()
    expect(await sdk.disputes.accept(id)).toMatchObject({ status: 'lost', amount_deducted: 40_000 })
    expect(razorpay.balances()).toMatchObject({ clearing: 57_640n, outside: { payers: -60_000n } })
    await expect(sdk.disputes.accept(id)).rejects.toMatchObject({
      error: { description: 'Action not allowed when dispute is in lost status.' },
    })
  })

  test('that nobody answers in time is lost, and takes what is not there', async () => {
    const { razorpay, clock, id, sdk } = await openDisputed()
    razorpay.settle()
    await clock.advance(7 * 86_400_000)
    expect(await sdk.disputes.fetch(id)).toMatchObject({ status: 'lost' })
    expect(razorpay.balances().clearing).toBe(-40_000n)
  })

  test.each([
    ['winDispute', { clearing: 97_640n, inFlight: { disputes: 0n }, outside: { payers: -100_000n } }],
    ['closeDispute', { clearing: 97_640n, inFlight: { disputes: 0n }, outside: { payers: -100_000n } }],
    ['loseDispute', { clearing: 57_640n, inFlight: { disputes: 0n }, outside: { payers: -60_000n } }],
  ] as const)('can hold its amount back from the start: %s', async (act, balances) => {
    const { razorpay, id } = await openDisputed({ holdBack: true })
    expect(razorpay.balances()).toMatchObject({ clearing: 57_640n, inFlight: { disputes: 40_000n } })
    razorpay[act](id)
    expect(razorpay.balances()).toMatchObject(balances)
  })

  test('is about a captured payment, and no more than it', async () => {
    const { razorpay, paid, paymentId } = await openDisputed()
    expect(() => razorpay.openDispute(paymentId, { amountMinor: 100_001n })).toThrow('cannot be disputed')
    const authorized = await paid(500, { authorizeOnly: true })
    expect(() => razorpay.openDispute(authorized.paymentId)).toThrow('cannot be disputed')
  })
})
