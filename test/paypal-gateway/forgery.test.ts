import type { Sandbox } from '@escrow-ledger/sandbox'
import { money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { balances, expectClean } from '../fixtures/balances.js'
import { deal } from '../fixtures/deals.js'
import { forgeBody } from '../fixtures/forge-crc32.js'
import { open } from './open-paypal.js'

const usd = (amount: string) => money(amount, 'USD')

/** A genuine delivery that PayPal has signed, before anybody has seen it. */
function signedDelivery(sandbox: Sandbox, event: string) {
  const found = sandbox.webhooks.pending().find((each) => each.event === event)
  if (!found) throw new Error(`PayPal has told no ${event}.`)
  return { rawBody: Buffer.from(found.rawBody), headers: found.headers() }
}

/** A deal that was paid, another whose order waits for its payer, and what PayPal told of the first. */
async function paidAndWaiting() {
  const opened = await open()
  const { ledger, sandbox } = opened
  sandbox.webhooks.mode('manual')
  for (const id of ['paid', 'waiting']) {
    await ledger.escrows.open(deal(id, usd('100.00')))
    await ledger.orders.create({ id, escrow: id, gateway: 'paypal' })
  }
  sandbox.paypal.approve((await ledger.orders.get('paid')).gatewayReference ?? '')
  await ledger.orders.refresh('paid')
  const genuine = signedDelivery(sandbox, 'PAYMENT.CAPTURE.COMPLETED')
  const told = JSON.parse(genuine.rawBody.toString())
  const before = await balances(ledger)
  return { ...opened, genuine, told, before }
}

describe('a forged body with the CRC-32 of a genuine one', () => {
  test('passes for genuine, and moves no money to a deal that nobody has paid', async () => {
    const { ledger, genuine, told, before } = await paidAndWaiting()
    const { gatewayReference: order_id } = await ledger.orders.get('waiting')
    const resource = {
      ...told.resource,
      id: 'MADEUPCAPTURE0000',
      amount: { value: '100.00', currency_code: 'USD' },
      supplementary_data: { related_ids: { order_id } },
    }
    const rawBody = forgeBody(genuine.rawBody, { ...told, id: 'WH-MADE-UP', resource })
    const received = await ledger.webhooks.receive({ gateway: 'paypal', headers: genuine.headers, rawBody })
    expect(received).toMatchObject({ state: 'received', duplicate: false })
    expect(await ledger.webhooks.apply()).toEqual({ looked: 1, byState: { waiting: 1 }, failures: [] })
    expect(await balances(ledger)).toEqual(before)
    expect((await ledger.escrows.get('waiting')).status).toBe('opened')
    await expectClean(ledger)
  })

  test('that claims more for a payment that there is moves no more than the API says', async () => {
    const { ledger, genuine, told, before } = await paidAndWaiting()
    const resource = { ...told.resource, amount: { value: '1000000.00', currency_code: 'USD' } }
    const rawBody = forgeBody(genuine.rawBody, { ...told, resource })
    await ledger.webhooks.receive({ gateway: 'paypal', headers: genuine.headers, rawBody })
    expect(await ledger.webhooks.apply()).toEqual({ looked: 1, byState: { applied: 1 }, failures: [] })
    expect(await balances(ledger)).toEqual(before)
    await expectClean(ledger)
  })

  test('keeps the genuine one from nothing: what it tells is found by asking', async () => {
    const { ledger, sandbox, genuine, told, pass } = await paidAndWaiting()
    const forged = forgeBody(genuine.rawBody, { ...told, resource: { ...told.resource, id: 'MADEUPCAPTURE0000' } })
    await ledger.webhooks.receive({ gateway: 'paypal', headers: genuine.headers, rawBody: forged })
    const repeat = await ledger.webhooks.receive({ gateway: 'paypal', ...genuine })
    expect(repeat.duplicate).toBe(true)
    sandbox.paypal.approve((await ledger.orders.get('waiting')).gatewayReference ?? '')
    await pass(3_600_000)
    await ledger.instructions.dispatch()
    await pass(3_600_000)
    await ledger.instructions.dispatch()
    expect(await balances(ledger)).toMatchObject({ 'escrow:paid USD': '100.00', 'escrow:waiting USD': '100.00' })
    await expectClean(ledger)
  })
})
