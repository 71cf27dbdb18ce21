import { format, fromMinor } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { type Browser, createBrowser } from './browser.js'
import { DAY, MINUTE, type OpenApplication, openApplication } from './open-application.js'

async function balance({ ledger }: OpenApplication, account: string): Promise<string> {
  return format((await ledger.accounts.balance({ account, currency: 'INR' })).balance)
}

async function bookings({ pool }: OpenApplication) {
  return (await pool.query('select id, slot, payer, status, rating from bookings order by booked_at, id')).rows
}

/** Books the first session that is offered, and gives the booking's id. */
async function bookFirst(browser: Browser): Promise<string> {
  await browser.open('/')
  const { url } = await browser.send({ action: '/bookings' })
  return url.split('/')[2] ?? ''
}

describe('a session', () => {
  test('is booked, paid, rated, settled and paid out, over HTTP', async () => {
    const application = await openApplication()
    const { url, ledger, sandbox, work } = application
    const [alice, priya, olga] = [createBrowser(url), createBrowser(url), createBrowser(url)]

    const offered = await alice.logIn('Alice')
    expect(offered.text).toContain('Find your next role Priya Raman')
    expect(offered.text).toContain('₹1,500.00')
    const checkout = await alice.send({ action: '/bookings' })
    const [, , id = ''] = checkout.url.split('/')
    expect(checkout.text).toContain('Pay ₹1,500.00 by UPI')
    expect(await bookings(application)).toEqual([
      { id, slot: 'slot-1', payer: 'alice', status: 'booked', rating: null },
    ])
    expect(await ledger.escrows.get(id)).toMatchObject({
      status: 'opened',
      payer: 'alice',
      parties: { coach: 'priya' },
    })

    const refused = await alice.send({ action: `/bookings/${id}/pay`, press: 'Let the bank refuse' })
    expect(refused.text).toContain('Your bank refused the payment.')
    const waiting = await alice.send({ action: `/bookings/${id}/pay`, press: 'by UPI' })
    expect(waiting.text).toContain('Your payment is being confirmed.')
    expect(waiting.document.querySelector('meta[http-equiv=refresh]')?.getAttribute('content')).toBe('2')
    await work()
    expect((await ledger.webhooks.list({ state: 'applied' }).page()).items.length).toBeGreaterThan(0)
    expect(await ledger.escrows.get(id)).toMatchObject({ status: 'funded' })
    expect(await balance(application, `escrow:${id}`)).toBe('1500.00')

    await alice.open('/bookings')
    const rated = await alice.send({ action: `/bookings/${id}/complete`, fields: { rating: '2' } })
    expect(rated.text).toContain('Rated 2. The coach is paid')
    expect(await bookings(application)).toMatchObject([{ id, status: 'completed', rating: 2 }])
    await work()
    expect(await ledger.escrows.get(id)).toMatchObject({ status: 'completed', measures: { satisfaction: '2' } })

    await sandbox.clock.advance(DAY)
    expect((await olga.logIn('Olga')).text).toContain(id)
    await work()
    // 20 % of 1,500.00 to the platform; of the coach's 1,200.00 a quarter back to the payer.
    expect(await balance(application, 'platform:fees')).toBe('300.00')
    expect(await balance(application, 'payee:priya:payable')).toBe('900.00')
    expect((await alice.open('/bookings')).text).toContain('Rated 2, and settled. ₹300.00 goes back to you.')

    const earnings = await priya.logIn('Priya')
    expect(earnings.text).toContain('Ready to be paid out ₹900.00')
    const asked = await priya.send({ action: '/coach/payouts', fields: { amount: '900.00' } })
    expect(asked.text).toContain('Ready to be paid out ₹0.00')
    await work()
    await sandbox.clock.advance(2 * 60 * MINUTE)
    await work()
    expect((await priya.open('/coach')).text).toContain('₹900.00processed')
    expect(await balance(application, 'payee:priya:payable')).toBe('0.00')
    expect(await balance(application, 'refunds:in-transit:razorpay')).toBe('0.00')
    const { clearing, payouts } = sandbox.razorpay.balances()
    expect(await balance(application, 'gateway:razorpay:payouts')).toBe(format(fromMinor(payouts, 'INR')))
    expect(await balance(application, 'gateway:razorpay:clearing')).toBe(format(fromMinor(clearing, 'INR')))

    const verified = await olga.open('/operator?verify')
    expect(verified.text).toContain('The books are right')
    expect(verified.text).toContain('platform:fees₹300.00')
    expect(await ledger.verify()).toMatchObject({ ok: true })
  })
})

describe('paying', () => {
  test('is done once, however often the form is sent and the webhook comes', async () => {
    const application = await openApplication()
    const { url, ledger, sandbox, work } = application
    const alice = createBrowser(url)
    await alice.logIn('Alice')
    const id = await bookFirst(alice)
    sandbox.webhooks.plan({ gateway: 'razorpay', fault: { kind: 'duplicate' } })
    expect(await alice.post(`/bookings/${id}/pay`, { how: 'upi' })).toMatchObject({ status: 200 })
    const again = await alice.post(`/bookings/${id}/pay`, { how: 'card' })
    expect(again).toMatchObject({ status: 409 })
    expect(again.text).toContain('it is being confirmed')
    await work()
    expect(format((await ledger.escrows.get(id)).funded)).toBe('1500.00')
    expect((await ledger.payments.list().page()).items).toHaveLength(1)
    expect((await alice.post(`/bookings/${id}/pay`, { how: 'card' })).url).toBe('/bookings')
    expect((await ledger.payments.list().page()).items).toHaveLength(1)
  })
})

describe('a second attempt to pay', () => {
  test('makes another order where the first one failed for good', async () => {
    const application = await openApplication()
    const { url, ledger, sandbox, work } = application
    const alice = createBrowser(url)
    await alice.logIn('Alice')
    const id = await bookFirst(alice)
    sandbox.faults.plan({
      gateway: 'razorpay',
      operation: 'createOrder',
      fault: { kind: 'errorBefore', status: 400 },
    })
    const failed = await alice.send({ action: `/bookings/${id}/pay`, press: 'by UPI' })
    expect([failed.status, failed.text.includes('Nothing was paid')]).toEqual([503, true])
    await alice.open(`/bookings/${id}/checkout`)
    const again = await alice.send({ action: `/bookings/${id}/pay`, press: 'by UPI' })
    expect(again.text).toContain('Your payment is being confirmed.')
    await work()
    const orders = await ledger.orders.list({ escrow: id }).page()
    expect(orders.items.map(({ state }) => state)).toEqual(['failed', 'processed'])
    expect(format((await ledger.escrows.get(id)).funded)).toBe('1500.00')
  })

  test('goes on with the order that Razorpay did not answer', async () => {
    const application = await openApplication()
    const { url, ledger, sandbox, work } = application
    const alice = createBrowser(url)
    await alice.logIn('Alice')
    const id = await bookFirst(alice)
    sandbox.faults.plan({ gateway: 'razorpay', operation: 'createOrder', fault: { kind: 'errorBefore', status: 503 } })
    const away = await alice.send({ action: `/bookings/${id}/pay`, press: 'by UPI' })
    expect([away.status, away.text.includes('does not answer')]).toEqual([503, true])
    await sandbox.clock.advance(60 * MINUTE)
    await work()
    await alice.open(`/bookings/${id}/checkout`)
    expect((await alice.send({ action: `/bookings/${id}/pay`, press: 'by UPI' })).text).toContain('being confirmed')
    await work()
    expect((await ledger.orders.list({ escrow: id }).page()).items).toHaveLength(1)
    expect(format((await ledger.escrows.get(id)).funded)).toBe('1500.00')
  })
})

describe('rating', () => {
  test('is refused before it was paid, before it took place, twice, and off the scale', async () => {
    const application = await openApplication()
    const { url, ledger, sandbox, work } = application
    const alice = createBrowser(url)
    await alice.logIn('Alice')
    const id = await bookFirst(alice)
    const rate = (rating: string, booking = id) => alice.post(`/bookings/${booking}/complete`, { rating })
    expect((await rate('5')).text).toContain('This session has not been paid yet.')
    // What was written before the ledger was asked has been taken back with it.
    expect(await bookings(application)).toMatchObject([{ id, status: 'booked', rating: null }])

    await alice.open(`/bookings/${id}/checkout`)
    await alice.send({ action: `/bookings/${id}/pay`, press: 'By card' })
    await work()
    for (const rating of ['0', '6', '2.5', '']) expect(await rate(rating), rating).toMatchObject({ status: 400 })
    const later = await bookFirst(alice)
    expect((await rate('5', later)).text).toContain('This session has not taken place yet.')
    expect((await rate('5')).text).toContain('Rated 5.')
    expect(await rate('1')).toMatchObject({ status: 409 })
    expect(await ledger.escrows.get(id)).toMatchObject({ status: 'completed', measures: { satisfaction: '5' } })

    await sandbox.clock.advance(DAY)
    await work()
    expect(await balance(application, 'payee:priya:payable')).toBe('1200.00')
    expect(await ledger.verify()).toMatchObject({ ok: true })
  })
})

describe('a payout', () => {
  test('is made once for a form that is sent twice, and refused beyond what was earned', async () => {
    const application = await openApplication()
    const { url, ledger, sandbox, work } = application
    const [alice, priya] = [createBrowser(url), createBrowser(url)]
    await Promise.all([alice.logIn('Alice'), priya.logIn('Priya')])
    const id = await bookFirst(alice)
    await alice.send({ action: `/bookings/${id}/pay`, press: 'By netbanking' })
    await work()
    await alice.post(`/bookings/${id}/complete`, { rating: '4' })
    await sandbox.clock.advance(DAY)
    await work()
    const request = '0195b0c7-7f00-7000-8000-000000000001'
    const first = await priya.post('/coach/payouts', { request, amount: '500.00' })
    const again = await priya.post('/coach/payouts', { request, amount: '500.00' })
    expect([first.text, again.text].map((text) => text.includes('paid out ₹700.00'))).toEqual([true, true])
    const more = { request: request.replace(/1$/, '2'), amount: '700.01' }
    expect(await priya.post('/coach/payouts', more)).toMatchObject({ status: 409 })
    expect((await ledger.payouts.list({ payee: 'priya' }).page()).items).toHaveLength(1)
  })
})

describe('a booking that fails after its escrow was opened', () => {
  test('leaves neither', async () => {
    const application = await openApplication()
    const { url, ledger } = application
    const [alice, ben] = [createBrowser(url), createBrowser(url)]
    await Promise.all([alice.logIn('Alice'), ben.logIn('Ben')])
    const id = await bookFirst(alice)
    // Ben still sees the page on which the session was free.
    const late = await ben.send({ action: '/bookings' })
    expect(late).toMatchObject({ status: 409 })
    expect(late.text).toContain('Somebody was faster')
    expect(await bookings(application)).toMatchObject([{ id, payer: 'alice' }])
    expect((await ledger.escrows.list().page()).items.map((escrow) => escrow.id)).toEqual([id])
    expect((await ben.open('/bookings')).text).toContain('You have booked nothing yet.')
  })

  test('leaves one winner when both book at once', async () => {
    const application = await openApplication()
    const browsers = [createBrowser(application.url), createBrowser(application.url)] as const
    await Promise.all([browsers[0].logIn('Alice'), browsers[1].logIn('Ben')])
    const shown = await Promise.all(browsers.map((browser) => browser.send({ action: '/bookings' })))
    expect(shown.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(await bookings(application)).toHaveLength(1)
    expect((await application.ledger.escrows.list().page()).items).toHaveLength(1)
  })
})
