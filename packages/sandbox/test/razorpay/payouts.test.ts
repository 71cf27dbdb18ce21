import { describe, expect, test } from 'vitest'
import { openRazorpay, payoutRequest } from '../fixtures/open-razorpay.js'

let keys = 0

/** A sandbox with a fund account, and what makes and reads payouts. */
async function openPayouts(options: Parameters<typeof openRazorpay>[0] = {}) {
  const opened = await openRazorpay(options)
  const { call, razorpay } = opened
  const fundAccountId = await opened.fundAccount()
  return {
    ...opened,
    fundAccountId,
    payout(amount: number, change: object = {}, key?: string) {
      keys += 1
      const body = { ...payoutRequest(fundAccountId, amount, razorpay.accountNumber), ...change }
      return call('POST', '/v1/payouts', body, { 'X-Payout-Idempotency': key ?? `payout-${keys}` })
    },
    fetchPayout: async (id: string | undefined) => (await call('GET', `/v1/payouts/${id}`)).body,
    events: () =>
      opened.sandbox.webhooks
        .all()
        .map(({ event }) => event)
        .filter((event) => event.startsWith('payout.')),
  }
}

describe('a payout', () => {
  test('is processed, with its fee from the balance', async () => {
    const { razorpay, clock, payout, fetchPayout, events } = await openPayouts()
    razorpay.topUp(70_000n)
    const { status, body } = await payout(60_000, { reference_id: 'p-1', narration: 'Session 42', notes: { s: '42' } })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      ...{ status: 'processing', fees: 590, tax: 90, utr: null, reference_id: 'p-1', notes: { s: '42' } },
    })
    expect(razorpay.balances()).toMatchObject({ payouts: 9410n, inFlight: { payouts: 60_000n } })
    await clock.advance(60_000)
    expect(await fetchPayout(body.id)).toMatchObject({
      ...{
        status: 'processed',
        utr: expect.stringMatching(/^\d{12}$/),
        status_details: { reason: 'payout_processed' },
      },
    })
    expect(razorpay.balances()).toMatchObject({ inFlight: { payouts: 0n }, outside: { beneficiaries: 60_000n } })
    expect(events()).toEqual(['payout.initiated', 'payout.processed', 'payout.updated'])
  })

  test('needs the balance, or waits for it', async () => {
    const { razorpay, payout, fetchPayout } = await openPayouts()
    razorpay.topUp(60_589n)
    expect((await payout(60_000)).body.error).toMatchObject({ reason: 'insufficient_funds' })
    const { body } = await payout(60_000, { queue_if_low_balance: true })
    expect(body).toMatchObject({ status: 'queued', fees: 0, status_details: { reason: 'low_balance' } })
    expect(razorpay.balances().payouts).toBe(60_589n)
    razorpay.topUp(1n)
    expect(await fetchPayout(body.id)).toMatchObject({ status: 'processing' })
    expect(razorpay.balances().payouts).toBe(0n)
  })

  test('that waits can be cancelled, and no other', async () => {
    const { razorpay, call, payout } = await openPayouts()
    const { body } = await payout(60_000, { queue_if_low_balance: true })
    const cancel = () => call('POST', `/v1/payouts/${body.id}/cancel`)
    expect((await cancel()).body).toMatchObject({ status: 'cancelled' })
    expect((await cancel()).status).toBe(400)
    razorpay.topUp(100_000n)
    expect(razorpay.balances().payouts).toBe(100_000n)
  })

  test('that fails gives back the amount and the fee', async () => {
    const { razorpay, payout, fetchPayout, events } = await openPayouts()
    razorpay.topUp(70_000n)
    const { body } = await payout(60_000)
    razorpay.failPayout(body.id ?? '', 'bank_account_closed')
    expect(await fetchPayout(body.id)).toMatchObject({
      ...{ status: 'failed', fees: 0, tax: 0, status_details: { reason: 'bank_account_closed' } },
    })
    expect(razorpay.balances()).toMatchObject({ payouts: 70_000n, charged: { fees: 0n, taxes: 0n } })
    expect(events().at(-1)).toBe('payout.failed')
    expect(() => razorpay.failPayout(body.id ?? '')).toThrow('is failed and cannot fail')
    expect(() => razorpay.reversePayout(body.id ?? '')).toThrow('cannot be reversed')
  })

  test('that is reversed gives back the amount alone, processed or not', async () => {
    const { razorpay, payout, fetchPayout, call } = await openPayouts()
    razorpay.topUp(200_000n)
    const [processed, processing] = [await payout(60_000), await payout(10_000)]
    razorpay.processPayouts()
    const another = await payout(10_000)
    for (const { body } of [processed, processing, another]) razorpay.reversePayout(body.id ?? '')
    expect(await fetchPayout(processed.body.id)).toMatchObject({ status: 'reversed', fees: 590 })
    expect(razorpay.balances()).toMatchObject({ payouts: 200_000n - 3n * 590n, outside: { beneficiaries: 0n } })
    const { body } = await call('GET', `/v1/transactions?account_number=${razorpay.accountNumber}`)
    const items = body.items as unknown as {
      credit: number
      debit: number
      balance: number
      source: { entity: string }
    }[]
    expect(items.map(({ source }) => source.entity)).toEqual([
      ...['reversal', 'reversal', 'reversal', 'payout', 'payout', 'payout', 'bank_transfer'],
    ])
    expect(items[0]?.balance).toBe(Number(razorpay.balances().payouts))
    expect(items.reduce((sum, { credit, debit }) => sum + credit - debit, 0)).toBe(items[0]?.balance)
  })

  test('waits for approval where the account wants it', async () => {
    const { razorpay, payout, fetchPayout, events } = await openPayouts({ razorpay: { payoutApproval: true } })
    razorpay.topUp(100_000n)
    const [first, second, third] = [await payout(60_000), await payout(1000), await payout(60_000)]
    expect(first.body).toMatchObject({ status: 'pending', status_details: { reason: 'pending_approval' } })
    razorpay.approvePayout(first.body.id ?? '')
    razorpay.rejectPayout(second.body.id ?? '')
    razorpay.approvePayout(third.body.id ?? '')
    expect(await fetchPayout(first.body.id)).toMatchObject({ status: 'processing' })
    expect(await fetchPayout(second.body.id)).toMatchObject({ status: 'rejected' })
    expect(await fetchPayout(third.body.id)).toMatchObject({
      status: 'failed',
      status_details: { reason: 'insufficient_funds' },
    })
    expect(events()).toEqual([
      ...['payout.pending', 'payout.pending', 'payout.pending', 'payout.initiated', 'payout.rejected', 'payout.failed'],
    ])
  })

  test('is found by its reference', async () => {
    const { razorpay, call, payout } = await openPayouts()
    razorpay.topUp(100_000n)
    await payout(1000)
    const { body } = await payout(2000, { reference_id: 'p-1' })
    const list = (query: string) => call('GET', `/v1/payouts?${query}`)
    const number = `account_number=${razorpay.accountNumber}`
    expect((await list(`${number}&reference_id=p-1`)).body.items).toEqual([body])
    expect((await list(number)).body.count).toBe(2)
    expect((await list('')).status).toBe(400)
  })

  test.each([
    [{ amount: 99 }, 'amount'],
    [{ currency: 'USD' }, 'currency'],
    [{ mode: 'IMPS' }, 'mode'],
    [{ mode: 'upi' }, 'mode'],
    [{ amount: 100_000_01 }, 'amount'],
    [{ purpose: 'gift' }, 'purpose'],
    [{ account_number: '1' }, 'account_number'],
    [{ reference_id: 'x'.repeat(41) }, 'reference_id'],
    [{ narration: 'no-dashes' }, 'narration'],
  ])('is refused with %j', async (change, field) => {
    const { razorpay, payout } = await openPayouts()
    razorpay.topUp(500_000_00n)
    const { status, body } = await payout(1000, change)
    expect([status, body.error?.field]).toEqual([400, field])
  })

  test('needs an idempotency key, and is made once under it', async () => {
    const { razorpay, call, clock, payout, fundAccountId } = await openPayouts()
    razorpay.topUp(100_000n)
    const request = payoutRequest(fundAccountId, 1000, razorpay.accountNumber)
    expect((await call('POST', '/v1/payouts', request)).body.error).toMatchObject({ field: 'X-Payout-Idempotency' })
    const first = await payout(1000, {}, 'key-1')
    await clock.advance(365 * 86_400_000)
    expect(await payout(1000, {}, 'key-1')).toEqual(first)
    expect((await payout(1001, {}, 'key-1')).body.error).toMatchObject({
      description: 'Different request with the same idempotency key has already been processed.',
    })
    expect(razorpay.balances().outside.beneficiaries).toBe(1000n)
  })
})

describe('contacts and fund accounts', () => {
  test('are the ones that there are when they are created again', async () => {
    const { call } = await openRazorpay()
    const contact = { name: 'Priya', reference_id: 'p', notes: { a: 'b' } }
    const [created, again] = [await call('POST', '/v1/contacts', contact), await call('POST', '/v1/contacts', contact)]
    expect([created.status, again.status]).toEqual([201, 200])
    expect(again.body).toEqual(created.body)
    expect((await call('GET', '/v1/contacts?reference_id=p')).body.items).toEqual([created.body])

    const bank = { name: 'Priya', ifsc: 'HDFC0000053', account_number: '765432123456789' }
    const request = { contact_id: created.body.id, account_type: 'bank_account', bank_account: bank }
    const accounts = [
      await call('POST', '/v1/fund_accounts', request),
      await call('POST', '/v1/fund_accounts', request),
    ]
    expect(accounts.map(({ status }) => status)).toEqual([201, 200])
    expect(accounts[0]?.body).toMatchObject({ account_type: 'bank_account', bank_account: bank, active: true })
    expect((await call('GET', `/v1/fund_accounts?contact_id=${created.body.id}`)).body.count).toBe(1)
  })

  test('take no payout while they are inactive', async () => {
    const { razorpay, call, payout, fundAccountId } = await openPayouts()
    razorpay.topUp(100_000n)
    await call('PATCH', `/v1/fund_accounts/${fundAccountId}`, { active: false })
    expect((await payout(1000)).body.error).toMatchObject({ field: 'fund_account_id' })
    await call('PATCH', `/v1/fund_accounts/${fundAccountId}`, { active: true })
    expect((await payout(1000)).status).toBe(200)
  })

  test.each([
    [{ account_type: 'vpa', vpa: { address: 'no-at' } }, 'vpa'],
    [{ account_type: 'bank_account', bank_account: { name: 'Priya', ifsc: 'X', account_number: '12345' } }, 'ifsc'],
    [{ account_type: 'cash' }, 'account_type'],
    [{ contact_id: 'cont_00000000000000', account_type: 'vpa', vpa: { address: 'a@b' } }, 'contact_id'],
  ])('are refused for %j', async (change, field) => {
    const { call, post } = await openRazorpay()
    const contact = await post('/v1/contacts', { name: 'Priya' })
    const { status, body } = await call('POST', '/v1/fund_accounts', { contact_id: contact.id, ...change })
    expect([status, body.error?.field]).toEqual([400, field])
  })
})

test('the balance of RazorpayX is told', async () => {
  const { razorpay, call } = await openRazorpay()
  razorpay.topUp(123n)
  const { body } = await call('GET', '/v1/banking_balances')
  expect(body.items).toMatchObject([
    { account_number: razorpay.accountNumber, amount: 123, account_type: 'razorpayx_lite' },
  ])
  expect((await call('GET', '/v1/banking_balances?account_type=cash')).status).toBe(400)
})
