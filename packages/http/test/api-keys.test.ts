import { type ApiKeyRecord, apiKeys, createApiKey, firstOf, jwt } from '@escrow-ledger/http/auth'
import { describe, expect, test } from 'vitest'
import { DAY, openServer, paidSession, START } from './fixtures/open-server.js'

async function open(changes: Partial<ApiKeyRecord> = {}, order: 'keys first' | 'tokens first' = 'keys first') {
  const made = await createApiKey({ pepper: 'salt and more' })
  const record: ApiKeyRecord = {
    id: made.id,
    hashes: [made.hash],
    principal: { id: 'backend', roles: ['service'] },
    ...changes,
  }
  const records = new Map([[record.id, record]])
  const clock = { now: START }
  const keys = apiKeys({ find: (id) => records.get(id) ?? null, pepper: 'salt and more', now: () => clock.now })
  const tokens = jwt({ jwks: { keys: [] }, issuer: 'i', audience: 'a' })
  const server = await openServer({
    authenticate: order === 'keys first' ? firstOf(keys, tokens) : firstOf(tokens, keys),
  })
  await paidSession(server)
  const ask = (headers: Record<string, string>, path = '/sessions/s1') => server.ask({ as: null, path, headers })
  return { made, records, clock, ask }
}

describe('an API key', () => {
  test.each(['keys first', 'tokens first'] as const)(
    'is taken as a bearer token and in a header of its own, %s',
    async (order) => {
      const { made, ask } = await open({}, order)
      expect((await ask({ 'x-api-key': made.key })).status).toBe(200)
      expect((await ask({ authorization: `Bearer ${made.key}` })).status).toBe(200)
      expect(await ask({})).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
    },
  )

  test('is not what is kept of it', async () => {
    const { made, records } = await open()
    const [secret] = made.key.split('_').slice(-1)
    expect(JSON.stringify([...records])).not.toContain(secret)
    expect(made.hash).toMatch(/^[0-9a-f]{64}$/)
    expect((await createApiKey()).key).not.toBe(made.key)
  })

  test('that is wrong, unknown, revoked or over is refused in the same words', async () => {
    const { made, ask } = await open()
    const other = await createApiKey({ pepper: 'salt and more' })
    const mixed = `${made.key.slice(0, 16)}${other.key.slice(16)}`
    const answers = [
      await ask({ 'x-api-key': mixed }),
      await ask({ 'x-api-key': other.key }),
      await ask({ 'x-api-key': 'el_x_y' }),
    ]
    const { made: revokedKey, ask: askRevoked } = await open({ revoked: true })
    answers.push(await askRevoked({ 'x-api-key': revokedKey.key }))
    const { made: overKey, ask: askOver } = await open({ expiresAt: START })
    answers.push(await askOver({ 'x-api-key': overKey.key }))
    for (const { status, body } of answers) {
      expect([status, body.code, body.detail]).toEqual([401, 'invalid_api_key', answers[0]?.body.detail])
    }
  })

  test('may have two secrets while it is changed', async () => {
    const { made, records, ask } = await open()
    const next = await createApiKey({ pepper: 'salt and more' })
    const record = records.get(made.id) as ApiKeyRecord
    records.set(made.id, { ...record, hashes: [made.hash, next.hash] })
    const nextKey = `el_${made.id}_${next.key.split('_')[2]}`
    expect((await ask({ 'x-api-key': nextKey })).status).toBe(200)
    records.set(made.id, { ...record, hashes: [next.hash] })
    expect((await ask({ 'x-api-key': made.key })).status).toBe(401)
  })

  test('goes no further than its scopes', async () => {
    const { made, ask } = await open({
      principal: { id: 'reader', roles: ['service'], scopes: ['sessions.get', 'payouts.*'] },
    })
    const headers = { 'x-api-key': made.key }
    expect((await ask(headers)).status).toBe(200)
    expect((await ask(headers, '/payouts')).status).toBe(200)
    expect(await ask(headers, '/sessions/s1/timeline')).toMatchObject({ status: 403, body: { code: 'out_of_scope' } })
  })

  test('ends when it is said to', async () => {
    const { made, clock, ask } = await open({ expiresAt: START + DAY })
    expect((await ask({ 'x-api-key': made.key })).status).toBe(200)
    clock.now += DAY
    expect((await ask({ 'x-api-key': made.key })).status).toBe(401)
  })
})
