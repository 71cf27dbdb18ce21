import { createServer } from 'node:http'
import { jwt } from '@escrow-ledger/http/auth'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openServer, paidSession, START } from './fixtures/open-server.js'

const issuer = 'https://issuer.example'
const audience = 'marketplace'

interface Signer {
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicJwk: JWK
}

async function newSigner(kid: string): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } }
}

/** An issuer that publishes its keys over HTTP, and may be away. */
async function openIssuer(signers: Signer[]) {
  const state = { signers, away: false }
  const server = createServer((_, response) => {
    if (state.away) return response.writeHead(503).end()
    return response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ keys: state.signers.map((each) => each.publicJwk) }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as { port: number }
  return { state, jwksUrl: `http://127.0.0.1:${port}/jwks.json` }
}

const seconds = START / 1_000

function token(
  signer: Signer,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  return new SignJWT({
    sub: 'chen',
    iss: issuer,
    aud: audience,
    exp: seconds + 60,
    app_metadata: { roles: ['payer'] },
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', kid: signer.kid, ...header })
    .sign(signer.privateKey)
}

async function open() {
  const signer = await newSigner('one')
  const { state, jwksUrl } = await openIssuer([signer])
  const server = await openServer({ authenticate: jwt({ jwksUrl, issuer, audience, now: () => START }) })
  await paidSession(server)
  const ask = (bearer: string) => server.ask({ as: bearer, path: '/sessions/s1' })
  return { signer, state, ask }
}

describe('a bearer token', () => {
  test('of the issuer, for us, speaks for its subject', async () => {
    const { signer, ask } = await open()
    expect((await ask(await token(signer))).status).toBe(200)
    expect((await ask(await token(signer, { sub: 'mallory' }))).status).toBe(404)
  })

  test.each<[string, Record<string, unknown>]>([
    ['for somebody else', { aud: 'another' }],
    ['of another issuer', { iss: 'https://evil.example' }],
    ['that has expired', { exp: seconds - 60 }],
    ['that does not expire', { exp: undefined }],
    ['that does not hold yet', { nbf: seconds + 3_600 }],
    ['of nobody', { sub: undefined }],
  ])('%s is refused', async (_, claims) => {
    const { signer, ask } = await open()
    expect(await ask(await token(signer, claims))).toMatchObject({ status: 401, body: { code: 'invalid_token' } })
  })

  test('for us among others is taken', async () => {
    const { signer, ask } = await open()
    expect((await ask(await token(signer, { aud: ['another', audience] }))).status).toBe(200)
  })

  test.each([['2026-11-03'], ['1762160400'], [true], [{}], [1e300]])(
    'whose trial ends at %j, which is no time, is refused, since that trial would have no end',
    async (ends) => {
      const { signer, ask } = await open()
      const claims = { app_metadata: { roles: ['payer'], plan: 'trial', trial_ends_at: ends } }
      expect(await ask(await token(signer, claims))).toMatchObject({
        status: 401,
        body: { code: 'invalid_principal' },
      })
    },
  )

  test('whose roles are what the user says is nobody in particular', async () => {
    const { signer, ask } = await open()
    const claims = { app_metadata: {}, user_metadata: { roles: ['operator'] }, roles: ['operator'] }
    expect(await ask(await token(signer, claims))).toMatchObject({ status: 403 })
  })

  test('without a signature, or signed with a key that is public, is refused', async () => {
    const { signer, ask } = await open()
    const claims = { sub: 'chen', iss: issuer, aud: audience, exp: seconds + 60, app_metadata: { roles: ['payer'] } }
    const none = new UnsecuredJWT(claims).encode()
    const shared = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .sign(new TextEncoder().encode(JSON.stringify(signer.publicJwk)))
    const stranger = await token(await newSigner('one'))
    const cut = (await token(signer)).slice(0, -4)
    const thief = await newSigner('thief')
    const headers = [
      { jwk: thief.publicJwk },
      { jku: 'https://evil.example/jwks' },
      { kid: '../one' },
      { kid: undefined },
    ]
    const brought = await Promise.all(headers.map((header) => token(thief, {}, { kid: 'one', ...header })))
    for (const bearer of [none, shared, stranger, cut, ...brought, 'rubbish', 'a.b.c']) {
      expect(await ask(bearer)).toMatchObject({ status: 401, body: { code: 'invalid_token' } })
    }
  })

  test('signed with a key that was published since is taken', async () => {
    const { signer, state, ask } = await open()
    await ask(await token(signer))
    const next = await newSigner('two')
    state.signers = [signer, next]
    // A key that is not known is looked up at most every half minute of the platform's clock, so a new reader is asked.
    const { ask: fresh } = await reopen(state.signers)
    expect((await fresh(await token(next))).status).toBe(200)
  })

  test('is not believed while the keys are away', async () => {
    const { signer, state, ask } = await open()
    state.away = true
    expect(await ask(await token(signer))).toMatchObject({
      status: 503,
      body: { code: 'keys_unavailable', retryable: true },
    })
  })
})

async function reopen(signers: Signer[]) {
  const { jwksUrl } = await openIssuer(signers)
  const server = await openServer({ authenticate: jwt({ jwksUrl, issuer, audience, now: () => START }) })
  await paidSession(server)
  return { ask: (bearer: string) => server.ask({ as: bearer, path: '/sessions/s1' }) }
}

test('jwt() refuses settings that prove nothing', () => {
  expect(() => jwt({ jwksUrl: 'https://x.example', issuer, audience, algorithms: ['HS256' as never] })).toThrow(
    'asymmetric',
  )
  expect(() => jwt({ issuer, audience })).toThrow('jwksUrl')
  expect(() => jwt({ jwks: { keys: [] }, issuer, audience: '' })).toThrow('audience')
})
