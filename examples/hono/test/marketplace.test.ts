import Database from 'better-sqlite3'
import { format } from 'escrow-ledger'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createBrowser, DAY, HOUR, openApplication } from './open-application.js'

type Open = Awaited<ReturnType<typeof openApplication>>

const balance = async ({ ledger }: Open, account: string) =>
  format((await ledger.accounts.balance({ account, currency: 'USD' })).balance)

/** Books the first session and pays it; gives the booking's id. */
async function paid(browser: ReturnType<typeof createBrowser>): Promise<string> {
  const checkout = await browser.send('/slots/slot-1/book')
  const id = checkout.url.split('/')[2] ?? ''
  await browser.send(`/bookings/${id}/approve`)
  return id
}

describe('a session', () => {
  test('is booked, paid at PayPal, rated, settled and paid out, over HTTP', async () => {
    const application = await openApplication()
    const { url, ledger, knex, sandbox, work } = application
    const [chloe, mateo, ingrid] = [createBrowser(url), createBrowser(url), createBrowser(url)]

    expect((await chloe.logIn('chloe')).text).toContain('Présenter en public')
    const checkout = await chloe.send('/slots/slot-1/book')
    expect(checkout.text).toContain('90.00 USD')
    const id = checkout.url.split('/')[2] ?? ''
    expect(await knex('bookings').select()).toEqual([
      { id, slot: 'slot-1', payer: 'chloe', status: 'booked', rating: null },
    ])
    expect(await ledger.escrows.get(id)).toMatchObject({
      status: 'opened',
      payer: 'chloe',
      parties: { coach: 'mateo' },
    })

    const returned = await chloe.send(`/bookings/${id}/approve`)
    expect(returned.text).toContain('<select name="rating">')
    expect(await ledger.escrows.get(id)).toMatchObject({ status: 'funded' })
    await work()
    const applied = await ledger.webhooks.list({ state: 'applied' }).page()
    expect(applied.items.map(({ type }) => type)).toContain('PAYMENT.CAPTURE.COMPLETED')
    expect(await balance(application, `escrow:${id}`)).toBe('90.00')

    expect((await chloe.send(`/bookings/${id}/complete`, { rating: '2' })).text).toContain(
      'Rated 2. The coach is paid after',
    )
    await sandbox.clock.advance(DAY)
    expect((await ingrid.logIn('ingrid')).text).toContain('1: 90.00 USD')
    await work()
    // 20 % of 90.00 to the platform; of the coach's 72.00 a quarter back to the payer.
    expect(await balance(application, 'platform:fees')).toBe('18.00')
    expect(await balance(application, 'payee:mateo:payable')).toBe('54.00')
    expect((await chloe.open('/')).text).toContain('18.00 USD goes back to you.')

    expect((await mateo.logIn('mateo')).text).toContain('<strong>54.00 USD</strong>')
    const request = '0195b0c7-7f00-7000-8000-000000000001'
    await mateo.send('/coach/payouts', { request, amount: '54.00' })
    await mateo.send('/coach/payouts', { request, amount: '54.00' })
    for (let hours = 0; hours < 3; hours += 1) {
      await work()
      await sandbox.clock.advance(HOUR)
    }
    expect((await mateo.open('/coach')).text).toContain('<td>processed</td><td>54.00 USD</td>')
    expect((await ledger.payouts.list({ payee: 'mateo' }).page()).items).toHaveLength(1)
    expect(await balance(application, 'payee:mateo:payable')).toBe('0.00')

    const { USD = 0n } = sandbox.paypal.balances()[`balance:${sandbox.paypal.merchantId}`] ?? {}
    expect(await balance(application, 'gateway:paypal:clearing')).toBe(format({ minor: USD, currency: 'USD' } as never))
    expect((await ingrid.open('/operator')).text).toContain('The books are right.')
    expect(await ledger.verify()).toMatchObject({ ok: true, deviations: [] })
  })

  test('can be followed through the API, by whom it concerns', async () => {
    const application = await openApplication()
    const { url, serviceKey } = application
    const [chloe, dmitri] = [createBrowser(url), createBrowser(url)]
    await Promise.all([chloe.logIn('chloe'), dmitri.logIn('dmitri')])
    const id = await paid(chloe)
    const ask = async (headers: Record<string, string>) =>
      (await fetch(`${url}/api/sessions/${id}`, { headers })).status
    expect(await ask({ cookie: chloe.cookie() })).toBe(200)
    expect(await ask({ cookie: dmitri.cookie() })).toBe(404)
    expect(await ask({ 'x-api-key': serviceKey })).toBe(200)
    expect(await ask({})).toBe(401)
    expect((await dmitri.send(`/bookings/${id}/complete`, { rating: '1' })).status).toBe(404)
    expect((await dmitri.open('/operator')).status).toBe(403)
    expect((await dmitri.open('/nothing')).status).toBe(404)
    expect((await fetch(`${url}/`, { redirect: 'manual' })).headers.get('location')).toBe('/login')
    expect(application.logged.join()).not.toContain(serviceKey)
  })
})

describe('a booking that fails after its escrow was opened', () => {
  test('leaves neither', async () => {
    const { url, knex, ledger } = await openApplication()
    const [chloe, dmitri] = [createBrowser(url), createBrowser(url)]
    await Promise.all([chloe.logIn('chloe'), dmitri.logIn('dmitri')])
    await chloe.send('/slots/slot-1/book')
    const late = await dmitri.send('/slots/slot-1/book')
    expect([late.status, late.text.includes('Somebody was faster')]).toEqual([409, true])
    expect(await knex('bookings').select('payer')).toEqual([{ payer: 'chloe' }])
    expect((await ledger.escrows.list().page()).items).toHaveLength(1)
  })

  test('is not lost to somebody who writes at the same moment', async () => {
    const { url, knex, ledger, filename, logged } = await openApplication()
    const other = new Database(filename)
    onTestFinished(() => void other.close())
    other.exec('CREATE TABLE elsewhere (x)')
    const write = other.prepare('INSERT INTO elsewhere VALUES (1)')
    const read: string[] = []
    // Right after the booking's first look at the slot, where a transaction that began by reading would be stuck.
    knex.on('query-response', (_, { sql }: { sql: string }) => {
      if (!/^select .* from `slots` where `id` = /.test(sql)) return
      read.push(sql)
      write.run()
    })
    const chloe = createBrowser(url)
    await chloe.logIn('chloe')
    expect((await chloe.send('/slots/slot-1/book')).status).toBe(200)
    expect(read).toHaveLength(1)
    expect((await ledger.escrows.list().page()).items).toHaveLength(1)
    expect(logged.filter((line) => line.startsWith('A page failed'))).toEqual([])
  })

  test('leaves one winner when several book at once', async () => {
    const { url, knex, ledger } = await openApplication()
    const browsers = [createBrowser(url), createBrowser(url), createBrowser(url)]
    await Promise.all(browsers.map((browser, index) => browser.logIn(index === 0 ? 'chloe' : 'dmitri')))
    const shown = await Promise.all(browsers.map((browser) => browser.send('/slots/slot-1/book')))
    expect(shown.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    expect(await knex('bookings').select()).toHaveLength(1)
    expect((await ledger.escrows.list().page()).items).toHaveLength(1)
  })
})

test('a rating is refused before it was paid, before the session, off the scale and twice', async () => {
  const { url, knex } = await openApplication()
  const chloe = createBrowser(url)
  await chloe.logIn('chloe')
  const unpaid = (await chloe.send('/slots/slot-1/book')).url.split('/')[2] ?? ''
  const rate = async (id: string, rating: string) => (await chloe.send(`/bookings/${id}/complete`, { rating })).status
  expect(await rate(unpaid, '5')).toBe(409)
  expect(await knex('bookings').select('status', 'rating')).toEqual([{ status: 'booked', rating: null }])
  await chloe.send(`/bookings/${unpaid}/approve`)
  for (const rating of ['0', '6', '2.5', '']) expect(await rate(unpaid, rating)).toBe(400)
  const later = (await chloe.send('/slots/slot-2/book')).url.split('/')[2] ?? ''
  expect(await rate(later, '5')).toBe(409)
  expect(await rate(unpaid, '5')).toBe(200)
  expect(await rate(unpaid, '1')).toBe(409)
})

test('pages escape what they show, and forms of other sites are not taken', async () => {
  const { url, knex } = await openApplication()
  await knex('slots').where({ id: 'slot-2' }).update({ title: '<script>alert(1)</script>' })
  const chloe = createBrowser(url)
  const { text } = await chloe.logIn('chloe')
  expect(text).toContain('&lt;script&gt;')
  expect(text).not.toContain('<script>')
  const headers = {
    cookie: chloe.cookie(),
    origin: 'https://evil.example',
    'content-type': 'application/x-www-form-urlencoded',
  }
  const forged = await fetch(`${url}/slots/slot-1/book`, { method: 'POST', headers, body: 'a=1', redirect: 'manual' })
  expect(forged.status).toBe(403)
  expect(await knex('bookings').select()).toEqual([])
})

test('what goes wrong inside is told to the log, not to the person', async () => {
  const { url, knex, logged } = await openApplication()
  const chloe = createBrowser(url)
  await chloe.logIn('chloe')
  await knex.schema.dropTable('bookings')
  const { status, text } = await chloe.open('/')
  expect([status, text.includes('Something went wrong here.'), text.includes('bookings')]).toEqual([500, true, false])
  expect(logged).toContainEqual(expect.stringMatching(/^A page failed .*"path":"\/"/))
})

test('the API lets no payer past the rules of the pages, and takes no webhook without a signature', async () => {
  const { url, knex, ledger } = await openApplication()
  const chloe = createBrowser(url)
  await chloe.logIn('chloe')
  const id = (await chloe.send('/slots/slot-2/book')).url.split('/')[2] ?? ''
  await chloe.send(`/bookings/${id}/approve`)
  const headers = { cookie: chloe.cookie(), 'content-type': 'application/json', 'idempotency-key': 'early' }
  const body = JSON.stringify({ id, measures: { satisfaction: '1' } })
  const early = await fetch(`${url}/api/sessions/complete`, { method: 'POST', headers, body })
  expect([early.status, await early.json()]).toMatchObject([403, { code: 'forbidden' }])
  expect(await knex('bookings').select('status', 'rating')).toEqual([{ status: 'booked', rating: null }])
  expect(await ledger.escrows.get(id)).toMatchObject({ status: 'funded' })

  const before = await ledger.webhooks.list().page()
  const unsigned = await fetch(`${url}/api/payments/paypal/webhook`, { method: 'POST', body: '{}' })
  expect(unsigned.status).toBe(400)
  expect(await ledger.webhooks.list().page()).toEqual(before)
})
