import { describe, expect, test } from 'vitest'
import { createBrowser } from './browser.js'
import { MINUTE, openApplication } from './open-application.js'

async function tokenOf(url: string, user: string): Promise<string> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${url}/login`, { method: 'POST', headers, body: JSON.stringify({ user }) })
  return ((await response.json()) as { token: string }).token
}

describe('somebody else', () => {
  test('sees, pays and rates no booking of Alice, on the pages or by the API', async () => {
    const { url, ledger, pool } = await openApplication()
    const [alice, ben] = [createBrowser(url), createBrowser(url)]
    await Promise.all([alice.logIn('Alice'), ben.logIn('Ben')])
    const id = (await alice.send({ action: '/bookings' })).url.split('/')[2] ?? ''

    expect(await ben.open(`/bookings/${id}/checkout`)).toMatchObject({ status: 404 })
    expect(await ben.post(`/bookings/${id}/pay`, { how: 'upi' })).toMatchObject({ status: 404 })
    expect(await ben.post(`/bookings/${id}/complete`, { rating: '1' })).toMatchObject({ status: 404 })
    expect(await ben.open('/coach')).toMatchObject({ status: 403 })
    expect(await ben.open('/operator')).toMatchObject({ status: 403 })
    expect(await ben.post('/operator/time', { hours: '24' })).toMatchObject({ status: 403 })

    const headers = { authorization: `Bearer ${await tokenOf(url, 'ben')}` }
    expect(await fetch(`${url}/api/sessions/${id}`, { headers })).toMatchObject({ status: 404 })
    const own = { authorization: `Bearer ${await tokenOf(url, 'alice')}` }
    expect(await fetch(`${url}/api/sessions/${id}`, { headers: own })).toMatchObject({ status: 200 })
    expect(await fetch(`${url}/api/sessions/${id}`, { headers: { cookie: alice.cookie() } })).toMatchObject({
      status: 200,
    })
    expect(await ledger.escrows.get(id)).toMatchObject({ status: 'opened' })
    expect((await pool.query('select status, rating from bookings')).rows).toEqual([{ status: 'booked', rating: null }])
  })

  test('who is not logged in is sent to log in, or refused', async () => {
    const { url } = await openApplication()
    const nobody = createBrowser(url)
    for (const path of ['/', '/bookings', '/coach', '/operator']) {
      expect((await nobody.open(path)).url, path).toBe('/login')
    }
    expect(await fetch(`${url}/api/sessions/s1`)).toMatchObject({ status: 401 })
    const forged = { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJvbGdhIn0.' }
    expect(await fetch(`${url}/api/accounts`, { headers: forged })).toMatchObject({ status: 401 })
    expect(await fetch(`${url}/api/payments/razorpay/webhook`, { method: 'POST', body: '{}' })).toMatchObject({
      status: 400,
    })
  })

  test('cannot make a browser send a form from another site', async () => {
    const { url, pool } = await openApplication()
    const alice = createBrowser(url)
    await alice.logIn('Alice')
    const answer = await alice.post('/bookings', { slot: 'slot-1' }, { origin: 'http://127.0.0.1:1' })
    expect(answer).toMatchObject({ status: 403 })
    expect((await pool.query('select id from bookings')).rows).toEqual([])
  })
})

describe('the API', () => {
  test('lets no payer rate past the rule of the page, before the session or after it', async () => {
    const { url, ledger, pool, sandbox, work } = await openApplication()
    const alice = createBrowser(url)
    await alice.logIn('Alice')
    const id = (await alice.send({ action: '/bookings' })).url.split('/')[2] ?? ''
    await alice.send({ action: `/bookings/${id}/pay`, press: 'by UPI' })
    await work()
    const complete = async (key: string) => {
      const headers = { cookie: alice.cookie(), 'content-type': 'application/json', 'idempotency-key': key }
      const body = JSON.stringify({ id, measures: { satisfaction: '1' } })
      const answer = await fetch(`${url}/api/sessions/complete`, { method: 'POST', headers, body })
      return [answer.status, await answer.json()]
    }
    expect(await complete('early')).toMatchObject([403, { code: 'forbidden' }])
    await sandbox.clock.advance(MINUTE)
    expect(await complete('late')).toMatchObject([403, { code: 'forbidden' }])
    expect((await pool.query('select status, rating from bookings')).rows).toEqual([{ status: 'booked', rating: null }])
    expect(await ledger.escrows.get(id)).toMatchObject({ status: 'funded' })
  })
})

describe('a page', () => {
  test('that is not there says so, and leads back', async () => {
    const { url } = await openApplication()
    const alice = createBrowser(url)
    await alice.logIn('Alice')
    const shown = await alice.open('/nothing')
    expect([shown.status, shown.text.includes('There is no such page.')]).toEqual([404, true])
    expect(shown.document.querySelector('main a')?.getAttribute('href')).toBe('/')
  })

  test('escapes what people have written', async () => {
    const { url, pool } = await openApplication()
    const title = `<script>alert("1")</script> & 'more'`
    await pool.query('update slots set title = $1 where id = $2', [title, 'slot-1'])
    const alice = createBrowser(url)
    const shown = await alice.logIn('Alice')
    expect(shown.document.querySelector('h2')?.textContent).toBe(title)
    expect(shown.html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;')
    expect(shown.document.querySelectorAll('script')).toHaveLength(0)
  })

  test('keeps the token from scripts and other sites, and every token out of the logs', async () => {
    const { url, logged } = await openApplication()
    const response = await fetch(`${url}/login`, {
      method: 'POST',
      body: new URLSearchParams({ user: 'alice' }),
      redirect: 'manual',
    })
    const [cookie = ''] = response.headers.getSetCookie()
    expect(cookie).toMatch(/; Path=\/; .*HttpOnly; SameSite=Lax$/)
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    const token = await tokenOf(url, 'priya')
    await fetch(`${url}/api/payees/priya/balance`, { headers: { authorization: `Bearer ${token}` } })
    expect(logged()).toContain('payees.balance')
    expect(logged()).not.toContain(token)
    expect(logged()).not.toContain(cookie.split(';')[0]?.split('=')[1])
  })

  test('publishes the keys that tokens are signed with, without the private part', async () => {
    const { url } = await openApplication()
    const { keys } = (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as { keys: Record<string, string>[] }
    expect(keys).toMatchObject([{ kty: 'RSA', alg: 'RS256', use: 'sig' }])
    expect(Object.keys(keys[0] ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
  })
})
