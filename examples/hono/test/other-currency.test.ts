import { format } from 'escrow-ledger'
import { expect, test } from 'vitest'
import { createBrowser, DAY, HOUR, openApplication } from './open-application.js'

test('a session in euros is held and settled in euros, while PayPal credits dollars', async () => {
  const { url, ledger, sandbox, work } = await openApplication()
  const [chloe, mateo] = [createBrowser(url), createBrowser(url)]
  await Promise.all([chloe.logIn('chloe'), mateo.logIn('mateo')])
  const id = (await chloe.send('/slots/slot-4/book')).url.split('/')[2] ?? ''
  expect((await chloe.send(`/bookings/${id}/approve`)).text).toContain('Paid and held.')
  await work()
  const balance = async (account: string, currency: string) =>
    format((await ledger.accounts.balance({ account, currency })).balance)

  // 76.72 EUR after the fee of 3.28, at 1.08 and rounded down: 82.85 USD; and 3.54 USD for the fee in proportion.
  expect(await balance(`escrow:${id}`, 'EUR')).toBe('80.00')
  const { USD = 0n, ...others } = sandbox.paypal.balances()[`balance:${sandbox.paypal.merchantId}`] ?? {}
  expect(others).toEqual({})
  expect(await balance('gateway:paypal:clearing', 'USD')).toBe(`${USD / 100n}.${String(USD % 100n).padStart(2, '0')}`)
  expect(await balance('fx:USD-EUR', 'USD')).toBe('86.39')
  expect(await balance('fx:USD-EUR', 'EUR')).toBe('-80.00')

  await sandbox.clock.advance(3 * DAY)
  await chloe.send(`/bookings/${id}/complete`, { rating: '5' })
  await sandbox.clock.advance(DAY)
  await work()
  expect(await balance('payee:mateo:payable', 'EUR')).toBe('64.00')
  expect((await mateo.open('/coach')).text).toContain('<strong>64.00 EUR</strong>')

  // PayPal pays out what it holds, and it holds no euros: the payout waits, and coach and operator see why.
  const request = '0195b0c7-7f00-7000-8000-000000000001'
  await mateo.send('/coach/payouts', { request, amount: '64.00', currency: 'EUR' })
  for (let hours = 0; hours < 2; hours += 1) {
    await work()
    await sandbox.clock.advance(HOUR)
  }
  expect((await mateo.open('/coach')).text).toContain('waiting: NON_HOLDING_CURRENCY')
  const ingrid = createBrowser(url)
  expect((await ingrid.logIn('ingrid')).text).toContain('NON_HOLDING_CURRENCY')
  expect(await balance('payee:mateo:payable', 'EUR')).toBe('0.00')
  expect(await balance('payouts:in-transit:paypal', 'EUR')).toBe('64.00')
  expect(await ledger.verify()).toMatchObject({ ok: true })
})
