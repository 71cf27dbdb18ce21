import { describe, expect, test } from 'vitest'
import { createCaller } from './caller.js'
import { DAY, openSandbox } from './open-sandbox.js'

const amount = (value: string) => ({ currency: 'USD', value })
const itemOf = (receiver: string, value: string) => ({ receiver, amount: amount(value), sender_item_id: receiver })
const batchOf = (id: string, ...items: object[]) => ({ sender_batch_header: { sender_batch_id: id }, items })

async function rich(minor = 100_000n) {
  const open = await openSandbox({ openingBalances: { USD: minor } })
  const send = (body: object, headers = {}) => open.call('POST', '/v1/payments/payouts', body, headers)
  const read = async (id: string, call = open.call) => (await call('GET', `/v1/payments/payouts/${id}`)).body
  const pocket = (name: string) => open.paypal.balances()[`${name}:${open.paypal.merchantId}`]?.USD ?? 0n
  return { ...open, send, read, pocket }
}

describe('a payout', () => {
  test('takes the money at once, and is pending, processing, done', async () => {
    const { sandbox, send, read, pocket } = await rich()
    const { status, body } = await send(
      batchOf('b-1', itemOf('a@payee.example', '100.00'), itemOf('b@payee.example', '50.00')),
    )
    const id = body.batch_header.payout_batch_id
    expect([status, body.batch_header.batch_status]).toEqual([201, 'PENDING'])
    // 2 % on top.
    expect([pocket('balance'), pocket('payouts')]).toEqual([84_700n, 15_300n])
    expect((await read(id)).items).toEqual([])
    await sandbox.clock.advance(30_000)
    expect(await read(id)).toMatchObject({
      batch_header: { batch_status: 'PROCESSING' },
      items: [{ transaction_status: 'PENDING' }, {}],
    })
    await sandbox.clock.advance(30_000)
    const done = await read(id)
    expect(done.batch_header).toMatchObject({ batch_status: 'SUCCESS', amount: amount('150.00'), fees: amount('3.00') })
    expect(done.items[1]).toMatchObject({ transaction_status: 'SUCCESS', payout_item_fee: amount('1.00') })
    expect([pocket('balance'), pocket('payouts')]).toEqual([84_700n, 0n])
    expect(sandbox.webhooks.all().map(({ event }) => event)).toEqual([
      'PAYMENT.PAYOUTSBATCH.PROCESSING',
      'PAYMENT.PAYOUTS-ITEM.SUCCEEDED',
      'PAYMENT.PAYOUTS-ITEM.SUCCEEDED',
      'PAYMENT.PAYOUTSBATCH.SUCCESS',
    ])
  })

  test('is sent once under a sender_batch_id in 30 days, whatever its PayPal-Request-Id', async () => {
    const { sandbox, send } = await rich()
    const body = batchOf('b-1', itemOf('a@payee.example', '1.00'))
    const first = await send(body, { 'paypal-request-id': 'k' })
    const again = await send(body, { 'paypal-request-id': 'k' })
    const id = first.body.batch_header.payout_batch_id
    expect(again).toMatchObject({
      status: 400,
      body: {
        name: 'USER_BUSINESS_ERROR',
        details: [{ field: 'SENDER_BATCH_ID', issue: 'Batch with given sender_batch_id already exists' }],
      },
    })
    expect(again.body.details[0].link[0].href).toContain(`/v1/payments/payouts/${id}`)
    expect((await send(batchOf('b-2', itemOf('a@payee.example', '1.00')), { 'paypal-request-id': 'k' })).status).toBe(
      201,
    )
    await sandbox.clock.advance(30 * DAY)
    const call = createCaller(sandbox)
    expect((await call('POST', '/v1/payments/payouts', body)).status).toBe(201)
  })

  test('is not made without the money for it and its fees', async () => {
    const { call, send, pocket } = await rich(10_199n)
    expect(await send(batchOf('b-1', itemOf('a@payee.example', '100.00')))).toMatchObject({
      status: 422,
      body: { name: 'INSUFFICIENT_FUNDS' },
    })
    const euros = { receiver: 'a@payee.example', amount: { currency: 'EUR', value: '1.00' } }
    expect((await call('POST', '/v1/payments/payouts', batchOf('b-2', euros))).body.name).toBe('NON_HOLDING_CURRENCY')
    expect(pocket('balance')).toBe(10_199n)
  })

  test.each([
    [{ items: [] }, 'sender_batch_header'],
    [batchOf('b', itemOf('nobody', '1.00')), 'items[0].receiver'],
    [batchOf('b', itemOf('a@payee.example', '1.005')), 'items[0].amount.value'],
    [batchOf('b', itemOf('a@payee.example', '1.00'), { receiver: 'b@payee.example' }), 'items[1].amount'],
    [
      batchOf('b', itemOf('a@payee.example', '1.00'), {
        receiver: 'b@payee.example',
        amount: { currency: 'EUR', value: '1.00' },
      }),
      'items[1].amount.currency',
    ],
  ])('names the field that is wrong: %j', async (body, field) => {
    const { sandbox, send } = await rich()
    expect(await send(body)).toMatchObject({ status: 400, body: { name: 'VALIDATION_ERROR', details: [{ field }] } })
    sandbox.log.clear()
  })

  test('names every item that is wrong, and is not made', async () => {
    const { send, pocket } = await rich()
    const good = itemOf('a@payee.example', '1.00')
    const { body } = await send(batchOf('b-1', itemOf('nobody', '1.00'), good, itemOf('b@payee.example', '0.00')))
    expect(body.details.map(({ field }: { field: string }) => field)).toEqual([
      'items[0].receiver',
      'items[2].amount.value',
    ])
    expect(pocket('balance')).toBe(100_000n)
  })

  test('pays the first of two items that share an id', async () => {
    const { paypal, send, read, pocket } = await rich()
    const item = itemOf('a@payee.example', '100.00')
    const { body } = await send(batchOf('b-1', item, item))
    paypal.processPayouts()
    expect((await read(body.batch_header.payout_batch_id)).items).toMatchObject([
      { transaction_status: 'SUCCESS' },
      { transaction_status: 'FAILED', errors: { name: 'DUPLICATE_ITEM' } },
    ])
    expect(pocket('balance')).toBe(89_800n)
  })

  test('of 15,000 items is read in pages, and one more is refused', async () => {
    const { sandbox, paypal, call, send } = await rich(10_000_000n)
    const items = Array.from({ length: 15_000 }, (_, index) => itemOf(`p${index}@payee.example`, '1.00'))
    expect((await send(batchOf('b-0', ...items, itemOf('x@payee.example', '1.00')))).status).toBe(400)
    sandbox.log.clear()
    const { body } = await send(batchOf('b-1', ...items))
    paypal.processPayouts()
    const path = `/v1/payments/payouts/${body.batch_header.payout_batch_id}`
    const last = await call('GET', `${path}?page=15&page_size=1000&total_required=true`)
    expect(last.body).toMatchObject({ total_items: 15_000, total_pages: 15 })
    expect(last.body.items.at(-1).payout_item.receiver).toBe('p14999@payee.example')
  })
})

describe('the fee of a payout', () => {
  test('is a part and a fixed sum, up to the most that it may be', async () => {
    const payoutFee = { basisPoints: 100, fixedMinor: { USD: 5n }, maximumMinor: { USD: 50n } }
    const { paypal, call } = await openSandbox({ openingBalances: { USD: 100_000n }, payoutFee })
    const items = ['1.49', '1.50', '45.00', '100.00'].map((value, index) => itemOf(`p${index}@payee.example`, value))
    const sent = await call('POST', '/v1/payments/payouts', batchOf('b-1', ...items))
    paypal.processPayouts()
    const { body } = await call('GET', `/v1/payments/payouts/${sent.body.batch_header.payout_batch_id}`)
    const fees = body.items.map(({ payout_item_fee: fee }: { payout_item_fee: { value: string } }) => fee.value)
    expect(fees).toEqual(['0.06', '0.07', '0.50', '0.50'])
    expect(body.batch_header.fees).toEqual(amount('1.13'))
  })
})

describe('an item of a payout', () => {
  async function sendOne(outcome: 'SUCCESS' | 'UNCLAIMED' | 'FAILED' | 'BLOCKED' | 'ONHOLD') {
    const open = await rich()
    open.paypal.setPayoutOutcome('a@payee.example', outcome)
    const sent = await open.send(batchOf('b-1', itemOf('a@payee.example', '100.00')))
    open.paypal.processPayouts()
    const batch = await open.read(sent.body.batch_header.payout_batch_id)
    const [item] = batch.items
    const readItem = async (call = open.call) =>
      (await call('GET', `/v1/payments/payouts-item/${item.payout_item_id}`)).body
    return { ...open, batch, item, readItem }
  }

  test('that nobody claims goes back after 30 days', async () => {
    const { sandbox, batch, item, pocket, readItem } = await sendOne('UNCLAIMED')
    expect(batch.batch_header.batch_status).toBe('SUCCESS')
    expect(item).toMatchObject({ transaction_status: 'UNCLAIMED', errors: { name: 'RECEIVER_UNREGISTERED' } })
    await sandbox.clock.advance(30 * DAY - 1)
    expect([pocket('balance'), pocket('unclaimed')]).toEqual([89_800n, 10_000n])
    await sandbox.clock.advance(1)
    expect([pocket('balance'), pocket('unclaimed')]).toEqual([100_000n, 0n])
    expect((await readItem(createCaller(sandbox))).transaction_status).toBe('RETURNED')
  })

  test('is cancelled while nobody has claimed it', async () => {
    const { paypal, call, item, pocket } = await sendOne('UNCLAIMED')
    const cancel = () => call('POST', `/v1/payments/payouts-item/${item.payout_item_id}/cancel`)
    expect((await cancel()).body.transaction_status).toBe('RETURNED')
    expect((await cancel()).body.name).toBe('ITEM_ALREADY_CANCELLED')
    expect(() => paypal.claimPayout(item.payout_item_id)).toThrow('RETURNED')
    expect(pocket('balance')).toBe(100_000n)
  })

  test('is claimed, and then not cancelled', async () => {
    const { paypal, call, item, readItem } = await sendOne('UNCLAIMED')
    paypal.claimPayout(item.payout_item_id)
    expect(await readItem()).toMatchObject({ transaction_status: 'SUCCESS', sender_batch_id: 'b-1' })
    const refused = await call('POST', `/v1/payments/payouts-item/${item.payout_item_id}/cancel`)
    expect(refused.body.name).toBe('ITEM_INCORRECT_STATUS')
  })

  test.each(['FAILED', 'BLOCKED'] as const)(
    'that is %s costs nothing, and denies a batch of its own',
    async (outcome) => {
      const { batch, item, pocket } = await sendOne(outcome)
      expect(batch.batch_header).toMatchObject({ batch_status: 'DENIED', fees: amount('0.00') })
      expect(item.transaction_status).toBe(outcome)
      expect(pocket('balance')).toBe(100_000n)
    },
  )

  test.each([
    ['REFUNDED', 99_800n],
    ['REVERSED', 100_000n],
  ] as const)('can be %s after it was done', async (status, left) => {
    const { paypal, item, pocket, readItem } = await sendOne('SUCCESS')
    paypal.takeBackPayout(item.payout_item_id, status)
    expect((await readItem()).transaction_status).toBe(status)
    expect(pocket('balance')).toBe(left)
  })
})
