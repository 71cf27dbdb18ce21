import { describe, expect, test } from 'vitest'
import { orderToPay } from '../src/orders.js'
import { approveAtPayPal } from '../src/paypal.js'
import { createBrowser, DAY, HOUR, openApplication } from './open-application.js'

/** The marketplace, and a payer who has booked the session after next and has not paid. */
async function booked() {
  const application = await openApplication()
  const chloe = createBrowser(application.url)
  await chloe.logIn('chloe')
  const id = (await chloe.send('/slots/slot-2/book')).url.split('/')[2] ?? ''
  return { ...application, chloe, id }
}

async function paidOnce({ ledger, id }: Pick<Awaited<ReturnType<typeof booked>>, 'ledger' | 'id'>): Promise<void> {
  expect(await ledger.escrows.get(id)).toMatchObject({ status: 'funded', funded: { minor: 12_000n } })
  expect((await ledger.suspense.list().page()).items).toEqual([])
  expect(await ledger.verify()).toMatchObject({ ok: true })
}

describe('paying', () => {
  test('is done once, however often the button is pressed', async () => {
    const open = await booked()
    const { chloe, id, ledger, work } = open
    const pressed = await Promise.all([1, 2, 3].map(() => chloe.send(`/bookings/${id}/approve`)))
    expect(pressed.map(({ status }) => status)).toEqual([200, 200, 200])
    const again = await chloe.send(`/bookings/${id}/approve`)
    expect([again.status, again.url, again.text.includes('Paid and held.')]).toEqual([200, '/', true])
    // The way back to the checkout leads to the sessions as well.
    expect((await chloe.open(`/bookings/${id}/pay`)).url).toBe('/')
    await work()
    expect((await ledger.orders.list({ escrow: id }).page()).items).toHaveLength(1)
    await paidOnce(open)
  })

  test('goes on where the payer agreed and did not come back', async () => {
    const open = await booked()
    const { chloe, id, ledger, sandbox, work } = open
    const order = (await orderToPay(ledger, { id, payer: 'chloe' })) ?? ''
    await approveAtPayPal(sandbox, order)
    expect((await chloe.send(`/bookings/${id}/approve`)).text).toContain('Paid and held.')
    await work()
    await paidOnce(open)
  })

  test('is possible a day after an order that nobody agreed to', async () => {
    const open = await booked()
    const { chloe, id, ledger, sandbox, work } = open
    const first = await orderToPay(ledger, { id, payer: 'chloe' })
    await sandbox.clock.advance(2 * HOUR)
    expect(await orderToPay(ledger, { id, payer: 'chloe' })).toBe(first)
    await sandbox.clock.advance(DAY)
    expect((await chloe.send(`/bookings/${id}/approve`)).status).toBe(200)
    await work()
    const { items } = await ledger.orders.list({ escrow: id }).page()
    expect(items.map(({ state }) => state)).toEqual(['failed', 'processed'])
    expect(items[1]?.gatewayReference).not.toBe(first)
    await paidOnce(open)
  })

  test('tells the payer when PayPal is away, and goes on when it is back', async () => {
    const open = await booked()
    const { chloe, id, ledger, sandbox } = open
    sandbox.faults.plan({ gateway: 'paypal', operation: 'createOrder', fault: { kind: 'errorBefore', status: 503 } })
    const away = await chloe.send(`/bookings/${id}/approve`)
    expect([away.status, away.text.includes('PayPal does not answer')]).toEqual([503, true])
    await sandbox.clock.advance(HOUR)
    await open.work()
    expect((await chloe.send(`/bookings/${id}/approve`)).status).toBe(200)
    expect((await ledger.orders.list({ escrow: id }).page()).items).toHaveLength(1)
    await paidOnce(open)
  })

  test("is nobody else's to do", async () => {
    const { id, url, ledger } = await booked()
    const dmitri = createBrowser(url)
    await dmitri.logIn('dmitri')
    expect((await dmitri.open(`/bookings/${id}/pay`)).status).toBe(404)
    expect((await dmitri.send(`/bookings/${id}/approve`)).status).toBe(404)
    expect((await dmitri.open(`/bookings/${id}/return`)).status).toBe(404)
    expect((await ledger.orders.list({ escrow: id }).page()).items).toEqual([])
  })
})
