import { access, createHandler, type GuardedOperation, type Principal, type Role, roles } from '@escrow-ledger/http'
import { describe, expect, test } from 'vitest'
import { examples, openSettled } from './fixtures/every-operation.js'
import { booksOf, openServer } from './fixtures/open-server.js'

const operations = Object.keys(access) as GuardedOperation[]
/** In this world sessions are chen's and priya's. */
const owner: Readonly<Record<Role, string>> = { payer: 'chen', payee: 'priya', operator: 'olga', service: 'backend' }

async function open(principal: Principal | null) {
  return openSettled({ authenticate: () => principal })
}

describe.each(operations)('%s', (operation) => {
  const example = examples[operation]

  test('is denied to nobody in particular', async () => {
    const server = await open(null)
    const before = await booksOf(server.ledger)
    expect(await server.ask(example)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
    expect(await booksOf(server.ledger)).toBe(before)
  })

  test('is denied to somebody without a role, and to one with a role that there is not', async () => {
    for (const named of [[], ['admin' as Role]]) {
      const server = await open({ id: 'chen', roles: named })
      expect(await server.ask(example)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    }
  })

  test.each(roles)('by a %s is as the table says', async (role) => {
    const rule = access[operation][role]
    const own = await open({ id: owner[role], roles: [role] })
    const before = await booksOf(own.ledger)
    const answer = await own.ask(example)
    if (rule === 'none') {
      expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } })
      expect(await booksOf(own.ledger)).toBe(before)
    } else expect([200, 201], JSON.stringify(answer.body)).toContain(answer.status)

    const strangers = await open({ id: 'mallory', roles: [role] })
    const untouched = await booksOf(strangers.ledger)
    const other = await strangers.ask(example)
    if (rule === 'any') expect([200, 201]).toContain(other.status)
    else {
      expect(other.status).toBe(rule === 'own' ? 404 : 403)
      expect(await booksOf(strangers.ledger)).toBe(untouched)
    }
  })
})

test('what stands in no row of the table cannot be asked for', async () => {
  const server = await openServer()
  const documented = server.handler.openapi as {
    paths: Record<string, Record<string, { operationId: string; security: unknown[] }>>
  }
  const open = Object.values(documented.paths)
    .flatMap((methods) => Object.values(methods))
    .filter(({ security }) => security.length === 0)
  expect(open.map(({ operationId }) => operationId).sort()).toEqual(['health', 'openapi', 'payments.webhook', 'ready'])
})

test('the id of one role is nothing to another', async () => {
  // Whoever pays for sessions and holds some under the same id gets at each only in its own role.
  const server = await open({ id: 'priya', roles: ['payer'] })
  expect((await server.ask({ path: '/sessions/s1' })).status).toBe(404)
  expect((await server.ask({ path: '/payees/priya/balance' })).status).toBe(403)
})

test('an authenticator that fails answers nobody', async () => {
  const failing = createHandler({
    ledger: (await openServer()).ledger,
    authenticate: () => Promise.reject(new Error('db password is hunter2')),
  })
  const response = await failing(new Request('http://localhost/accounts'))
  expect(response.status).toBe(500)
  expect(await response.text()).not.toContain('hunter2')
})
