import { fromMinor, money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { payoutCall, referenceOf } from '../fixtures/calls.js'
import { DAY, HOUR, type Opened, openGateway, usd } from '../fixtures/open-gateway.js'

const rich = { openingBalances: { USD: 50_000n, HUF: 90_000_00n } }

const itemOf = async ({ sandbox }: Opened) => {
  const batches = sandbox.log.all().filter(({ operation }) => operation === 'getPayout')
  const [item] = JSON.parse(batches.at(-1)?.answer?.body ?? '{}').items
  return item.payout_item_id as string
}

/** Sends a payout and lets PayPal carry it out. */
async function sent(opened: Opened, given: Parameters<typeof payoutCall>[0] = {}) {
  const call = payoutCall(given)
  const reference = referenceOf(await opened.send(call))
  const asked = { ...call, reference }
  await opened.sandbox.clock.advance(HOUR)
  return { asked, outcome: await opened.ask(asked) }
}

describe('a payout', () => {
  test('is accepted until the payee has it, and costs a fee', async () => {
    const opened = await openGateway({ paypal: rich })
    const call = payoutCall()
    const first = await opened.send(call)
    const reference = referenceOf(first)
    expect(first).toEqual({ outcome: 'accepted', reference })
    expect(await opened.ask({ ...call, reference })).toEqual({ outcome: 'accepted', reference })
    await opened.sandbox.clock.advance(HOUR)
    expect(await opened.ask({ ...call, reference })).toEqual({
      outcome: 'processed',
      reference,
      at: opened.sandbox.clock.now() - HOUR + 60_000,
      fee: { fee: usd('2.00'), tax: usd('0.00') },
    })
    const asked = JSON.parse(
      opened.sandbox.log.all().find(({ method, url }) => method === 'POST' && url.endsWith('payouts'))?.body ?? '',
    )
    expect(asked).toEqual({
      sender_batch_header: { sender_batch_id: call.key },
      items: [
        {
          recipient_type: 'EMAIL',
          receiver: 'coach@example.com',
          amount: { currency: 'USD', value: '100.00' },
          sender_item_id: call.key,
        },
      ],
    })
  })

  test('asked for again is the first one', async () => {
    const opened = await openGateway({ paypal: rich })
    const call = payoutCall()
    const reference = referenceOf(await opened.send(call))
    expect(await opened.send(call)).toEqual({ outcome: 'accepted', reference })
    await opened.sandbox.clock.advance(HOUR)
    expect(await opened.send(call)).toMatchObject({ outcome: 'processed', reference })
    expect(opened.paypal.balances()['outside:receivers']).toEqual({ USD: 10_000n })
  })

  test.each([
    ['+14155550100', 'PHONE', 'accepted'],
    ['PAYEE23456789', 'PAYPAL_ID', 'processed'],
  ])('goes to %s as %s', async (destination, type, outcome) => {
    const opened = await openGateway({ paypal: rich })
    expect(await sent(opened, { destination })).toMatchObject({ outcome: { outcome } })
    expect(opened.sandbox.log.all().some(({ body }) => body.includes(`"recipient_type":"${type}"`))).toBe(true)
  })

  test.each(['FAILED', 'BLOCKED'] as const)('that is %s is refused with the reason of PayPal', async (status) => {
    const opened = await openGateway({ paypal: rich })
    opened.paypal.setPayoutOutcome('coach@example.com', status)
    const { outcome } = await sent(opened)
    const code = status === 'FAILED' ? 'RECEIVER_ACCOUNT_INVALID' : 'RISK_DECLINE'
    expect(outcome).toMatchObject({ outcome: 'refused', code })
  })

  test('that nobody claims is accepted, and comes back in the end', async () => {
    const opened = await openGateway({ paypal: rich })
    opened.paypal.setPayoutOutcome('coach@example.com', 'UNCLAIMED')
    const { asked, outcome } = await sent(opened)
    expect(outcome).toMatchObject({ outcome: 'accepted' })
    await opened.sandbox.clock.advance(31 * DAY)
    expect(await opened.ask(asked)).toMatchObject({ outcome: 'reversed', reason: expect.stringContaining('RETURNED') })
  })

  test.each(['REFUNDED', 'REVERSED'] as const)('that is %s after the payee had it comes back', async (status) => {
    const opened = await openGateway({ paypal: rich })
    const { asked, outcome } = await sent(opened)
    expect(outcome).toMatchObject({ outcome: 'processed' })
    opened.paypal.takeBackPayout(await itemOf(opened), status)
    expect(await opened.ask(asked)).toMatchObject({ outcome: 'reversed', reference: asked.reference })
  })

  test('waits for the balance, a balance in its currency, and where to pay', async () => {
    const opened = await openGateway({ paypal: { openingBalances: { USD: 100n } } })
    expect(await opened.send(payoutCall())).toMatchObject({
      outcome: 'waiting',
      reason: expect.stringContaining('INSUFFICIENT_FUNDS'),
    })
    expect(await opened.send(payoutCall({ amount: money('1.00', 'GBP') }))).toMatchObject({
      outcome: 'waiting',
      reason: expect.stringContaining('NON_HOLDING_CURRENCY'),
    })
    expect(await opened.send(payoutCall({ destination: null }))).toMatchObject({ outcome: 'waiting' })
  })

  test('to what cannot be a receiver is refused', async () => {
    const opened = await openGateway({ paypal: rich })
    expect(await opened.send(payoutCall({ destination: 'nobody' }))).toMatchObject({
      outcome: 'refused',
      code: 'VALIDATION_ERROR',
    })
  })

  test('is in whole units where PayPal takes no others', async () => {
    const opened = await openGateway({ paypal: rich })
    await opened.send(payoutCall({ amount: fromMinor(1_500_00n, 'HUF') }))
    expect(opened.sandbox.log.all().some(({ body }) => body.includes('{"currency":"HUF","value":"1500"}'))).toBe(true)
  })

  test('cannot be found without an id of PayPal', async () => {
    const { ask, gateway } = await openGateway()
    expect(await ask(payoutCall())).toMatchObject({ outcome: 'unknown' })
    expect(gateway.operations.payout).toMatchObject({ askedBy: null, absenceIsFinal: false })
  })
})
