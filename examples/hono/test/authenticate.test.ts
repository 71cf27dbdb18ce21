import { SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { createLogins } from '../src/authenticate.js'
import { findPerson } from '../src/people.js'
import { openApplication } from './open-application.js'

const DAY = 86_400_000
const START = Date.UTC(2026, 10, 2, 9)

async function open() {
  const clock = { now: START }
  const logins = await createLogins({ now: () => clock.now })
  const chloe = findPerson('chloe')
  if (!chloe) throw new Error('There is no Chloé.')
  const ask = async (headers: Record<string, string>) =>
    logins.authenticate(new Request('http://localhost/api', { headers }))
  return { clock, logins, chloe, token: await logins.sign(chloe), ask }
}

test('a token is taken as a bearer and as a cookie, and tells who asks', async () => {
  const { token, ask, logins } = await open()
  const chloe = { id: 'chloe', roles: ['payer'] }
  expect(await ask({ authorization: `Bearer ${token}` })).toEqual(chloe)
  expect(await ask({ cookie: `other=1; login=${token}` })).toEqual(chloe)
  expect(await ask({ 'x-api-key': logins.serviceKey })).toEqual({ id: 'marketplace', roles: ['service'] })
  expect(await ask({})).toBeNull()
})

test('a bearer token that is wrong is refused, whatever the cookie says', async () => {
  const { clock, token, ask } = await open()
  const unsigned = `${btoa('{"alg":"none"}').replaceAll('=', '')}.${token.split('.')[1]}.`
  const foreign = await new SignJWT({ sub: 'ingrid', exp: START / 1_000 + 60 })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new Uint8Array(32))
  for (const wrong of ['x', unsigned, foreign, `${token}x`]) {
    const asked = ask({ authorization: `Bearer ${wrong}`, cookie: `login=${token}` })
    await expect(asked).rejects.toMatchObject({ status: 401, code: 'invalid_token' })
    expect(await ask({ cookie: `login=${wrong}` })).toBeNull()
  }
  clock.now += 8 * DAY
  await expect(ask({ authorization: `Bearer ${token}` })).rejects.toMatchObject({ code: 'invalid_token' })
  expect(await ask({ cookie: `login=${token}` })).toBeNull()
})

test('the cookie is kept from scripts, and comes along when PayPal sends the browser back', async () => {
  const { url } = await openApplication()
  const form = { method: 'POST', body: new URLSearchParams({ user: 'chloe' }), redirect: 'manual' } as const
  const answer = await fetch(`${url}/login`, { ...form, headers: { origin: url } })
  const attributes = answer.headers.getSetCookie().map((cookie) => cookie.split('; ').slice(1).sort())
  expect(attributes).toEqual([['HttpOnly', 'Path=/', 'SameSite=Lax']])
})
