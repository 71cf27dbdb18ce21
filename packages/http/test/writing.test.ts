import { access, type GuardedOperation } from '@escrow-ledger/http'
import { money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { examples, openSettled } from './fixtures/every-operation.js'
import { booksOf, inr, type Server, terms } from './fixtures/open-server.js'

type Writing = keyof typeof outcomes
type Body = Readonly<Record<string, unknown>>

/** What each example comes to: the status, what the answer says, and how many entries it posts. */
const outcomes = {
  'sessions.open': [201, { session: 'n1', status: 'opened', funded: inr('0.00'), dueAt: null }, 0],
  'payments.createOrder': [
    201,
    {
      id: 'o2',
      session: 's2',
      state: 'accepted',
      amount: inr('5.00'),
      gatewayReference: expect.stringMatching(/^ref_/),
    },
    0,
  ],
  'payments.capture': [200, { id: 'o1', session: 's2', state: 'accepted', sessionStatus: 'opened' }, 0],
  'sessions.complete': [200, { session: 's1', status: 'completed', held: inr('1000.00') }, 0],
  'sessions.settle': [200, { session: 's1', status: 'settled', held: inr('0.00'), released: inr('1000.00') }, 1],
  'sessions.refund': [200, { session: 's1', refunded: inr('1.00'), held: inr('999.00') }, 2],
  'sessions.cancel': [200, { session: 's2', status: 'cancelled' }, 0],
  'sessions.dispute': [200, { session: 's1', frozen: inr('1000.00') }, 1],
  'sessions.resolve': [200, { session: 's3', frozen: inr('0.00'), refunded: inr('1000.00') }, 2],
  'payouts.request': [201, { id: 'p2', party: 'priya', state: 'recorded', amount: inr('2.00'), session: null }, 1],
} as const satisfies Partial<Record<GuardedOperation, readonly [number, object, number]>>

const writing = Object.keys(outcomes) as Writing[]

/** What hosts, gateways or the ledger alone say of a thing. */
const unasked = [
  ...['actor', 'idempotencyKey', 'book', 'at', 'effectiveAt', 'status', 'state', 'party', 'roles', 'dueAt'],
  ...['reference', 'gatewayReference', 'destination', 'replayed', 'signal', 'constructor'],
]

async function open(): Promise<Server & { readonly before: string }> {
  const server = await openSettled()
  return { ...server, before: await booksOf(server.ledger) }
}

const bodyOf = (operation: Writing) => examples[operation].body as Body

async function entriesIn({ ledger }: Pick<Server, 'ledger'>): Promise<number> {
  let count = 0
  for await (const _ of ledger.journal.list()) count += 1
  return count
}

test('every operation that is not a reading is here', () => {
  const posted = Object.keys(access).filter((operation) => examples[operation as GuardedOperation].body !== undefined)
  expect(writing.toSorted()).toEqual(posted.toSorted())
})

describe.each(writing)('%s', (operation) => {
  const [status, said, entries] = outcomes[operation]
  const { path } = examples[operation]
  const body = bodyOf(operation)
  // A resolution is an operator's; everything else is done by the host's own program here.
  const as = access[operation].service === 'any' ? 'backend' : 'olga'

  test('does it once under its key, and answers the same again', async () => {
    const server = await open()
    const count = await entriesIn(server)
    const first = await server.ask({ as, path, body, key: 'k' })
    expect(first).toMatchObject({ status, body: said })
    expect(first.headers.get('idempotency-replayed')).toBeNull()
    expect(await entriesIn(server)).toBe(count + entries)
    const after = await booksOf(server.ledger)
    const again = await server.ask({ as, path, body, key: 'k' })
    expect([again.status, again.body]).toEqual([first.status, first.body])
    // Asking the gateway is done anew each time.
    if (operation !== 'payments.capture') expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(await booksOf(server.ledger)).toBe(after)
    expect(await server.ledger.verify()).toMatchObject({ ok: true })
  })

  test('is no replay for somebody else who gives the same key', async () => {
    const server = await open()
    await server.ask({ as, path, body, key: 'k' })
    const other = await server.ask({ as: as === 'olga' ? 'chen' : 'olga', path, body, key: 'k' })
    expect(other.headers.get('idempotency-replayed')).toBeNull()
  })

  test('is refused without a key', async () => {
    const server = await open()
    const answer = await server.ask({ as, path, body, key: null })
    expect(answer).toMatchObject({ status: 400, body: { code: 'idempotency_key_required', retryable: false } })
    expect(await booksOf(server.ledger)).toBe(server.before)
  })

  test('is refused where a field is none of its kind', async () => {
    const server = await open()
    for (const field of Object.keys(body)) {
      for (const value of [{}, [], 7, '', 'x'.repeat(5_000), `a${'\u0000'}b`]) {
        const answer = await server.ask({ as, path, body: { ...body, [field]: value } })
        expect([400, 404, 422], JSON.stringify([field, value, answer.body])).toContain(answer.status)
      }
    }
    expect(await booksOf(server.ledger)).toBe(server.before)
  })

  test('takes nothing of the body that is not asked for', async () => {
    const server = await open()
    for (const field of unasked) {
      const answer = await server.ask({ as, path, body: { ...body, [field]: 'olga' } })
      expect(answer, field).toMatchObject({ status: 400, body: { code: 'invalid_input' } })
      expect(answer.body.detail).toContain(field)
    }
    expect(await booksOf(server.ledger)).toBe(server.before)
  })

  test('names its caller as the actor, whoever is named in the body', async () => {
    const server = await open()
    await server.ask({ as, path, body, key: 'k' })
    const actors = new Set<string | null>()
    for await (const { actor } of server.ledger.journal.list()) actors.add(actor)
    if (entries > 0) expect(actors).toContain(as)
    expect(actors).not.toContain('http')
  })
})

describe('is refused, and changes nothing:', () => {
  const refusals: readonly (readonly [string, Writing, Body, number, string])[] = [
    ['a session that is there', 'sessions.open', { id: 's1' }, 409, 'escrow_exists'],
    ['a payer whom nobody can be', 'sessions.open', { payer: 'chen\u200b' }, 400, 'invalid_input'],
    ['a payee in no normal form', 'sessions.open', { parties: { coach: 'e\u0301va' } }, 400, 'invalid_input'],
    ['terms that name a party without an id', 'sessions.open', { parties: {} }, 422, 'invalid_terms'],
    ['terms that give away more than all', 'sessions.open', { terms: { shares: tooMuch() } }, 422, 'invalid_terms'],
    ['an amount of nothing', 'sessions.open', { amount: inr('0.00') }, 422, 'amount_not_positive'],
    [
      'a currency that there is not',
      'sessions.open',
      { amount: { amount: '1.00', currency: 'XXQ' } },
      400,
      'invalid_input',
    ],
    ['an order of a session that is not there', 'payments.createOrder', { session: 'sX' }, 404, 'escrow_not_found'],
    ['an order that is there', 'payments.createOrder', { id: 'o1' }, 409, 'order_exists'],
    ['an order for too much', 'payments.createOrder', { amount: inr('5.01') }, 409, 'escrow_overfunded'],
    ['an order at no gateway of ours', 'payments.createOrder', { gateway: 'stripe' }, 422, 'operation_unsupported'],
    ['a capture of no order', 'payments.capture', { order: 'oX' }, 404, 'instruction_not_found'],
    ['completing what is not there', 'sessions.complete', { id: 'sX' }, 404, 'escrow_not_found'],
    ['completing what is settled', 'sessions.complete', { id: 's0' }, 409, 'escrow_already_settled'],
    ['a measure that is no number', 'sessions.complete', { measures: { satisfaction: 'good' } }, 400, 'invalid_input'],
    ['a measure that the terms do not ask for', 'sessions.complete', { measures: { tips: 1 } }, 422, 'measure_unknown'],
    ['settling before it is due', 'sessions.settle', { early: undefined }, 409, 'escrow_not_due'],
    ['settling twice', 'sessions.settle', { id: 's0' }, 409, 'escrow_already_settled'],
    ['giving back more than is held', 'sessions.refund', { amount: inr('1000.01') }, 409, 'insufficient_held'],
    [
      'giving back another currency',
      'sessions.refund',
      { amount: { amount: '1.00', currency: 'USD' } },
      422,
      'currency_mismatch',
    ],
    ['calling off what is settled', 'sessions.cancel', { id: 's0' }, 409, 'escrow_already_settled'],
    ['contesting what is contested', 'sessions.dispute', { id: 's3' }, 409, 'escrow_disputed'],
    ['resolving what nobody contests', 'sessions.resolve', { id: 's1' }, 404, 'dispute_not_found'],
    ['an outcome that there is not', 'sessions.resolve', { outcome: 'operator' }, 400, 'invalid_input'],
    [
      'giving the payer more than is contested',
      'sessions.resolve',
      { outcome: { payer: inr('1000.01') } },
      409,
      'insufficient_held',
    ],
    ['paying out more than is owed', 'payouts.request', { amount: inr('800.00') }, 409, 'insufficient_funds'],
    ['paying out nothing', 'payouts.request', { amount: inr('0.00') }, 422, 'amount_not_positive'],
    ['paying out twice under one id', 'payouts.request', { id: 'p1' }, 409, 'payout_exists'],
  ]

  test.each(refusals)('%s', async (_, operation, change, status, code) => {
    const server = await open()
    const answer = await server.ask({ path: examples[operation].path, body: { ...bodyOf(operation), ...change } })
    expect([answer.status, answer.body.code], answer.body.detail).toEqual([status, code])
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    expect(answer.body).toMatchObject({ status, instance: answer.headers.get('x-request-id') })
    expect(await booksOf(server.ledger)).toBe(server.before)
  })
})

function tooMuch() {
  return [
    { party: 'platform', percent: '101' },
    { party: 'coach', remainder: true },
  ]
}

describe('a payee', () => {
  test.each(['chen', 'Priya', 'priya ', 'pri\u0443a'])('cannot ask for the money of %j', async (payee) => {
    const server = await open()
    const { path } = examples['payouts.request']
    const answer = await server.ask({ as: 'priya', path, body: { ...bodyOf('payouts.request'), payee } })
    expect([400, 404]).toContain(answer.status)
    expect(await booksOf(server.ledger)).toBe(server.before)
  })
})

describe('two at once', () => {
  test('under one key are done once', async () => {
    const server = await open()
    const asked = { as: 'priya', path: '/payouts/request', body: examples['payouts.request'].body, key: 'k' }
    const answers = await Promise.all(Array.from({ length: 8 }, () => server.ask(asked)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
    const replays = answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')
    expect(replays).toHaveLength(7)
    const { items } = await server.ledger.payouts.list({ payee: 'priya' }).page()
    expect(items.map(({ id }) => id)).toEqual(['payout:p1', 'payout:p2'])
  })

  test('under keys of their own cannot take out more than there is', async () => {
    const server = await open()
    const ask = (id: string) => {
      const body = { id, payee: 'priya', amount: inr('500.00'), gateway: 'razorpay' }
      return server.ask({ as: 'priya', path: '/payouts/request', body })
    }
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map(ask))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409])
    const { balance } = await server.ledger.accounts.get({ code: 'payee:priya:payable', currency: 'INR' })
    expect(balance).toEqual(money('299.00', 'INR'))
  })
})

describe('a payer who rates', () => {
  const penalty = {
    ...{ kind: 'penalty', name: 'low satisfaction', measure: 'satisfaction', scale: { min: '1', max: '5' } },
    ...{ tiers: [{ below: '3', percent: '25' }], from: 'coach', to: 'payer' },
  }

  async function rated(satisfaction: unknown) {
    const server = await open()
    const asked = { id: 'r', payer: 'chen', parties: { coach: 'priya' }, amount: inr('100.00') }
    const opened = { ...asked, terms: { ...terms, deductions: [penalty] } }
    await server.ask({ path: '/sessions/open', body: opened })
    const amount = money('100.00', 'INR')
    await server.ledger.escrows.fund({ id: 'r', amount, gateway: 'razorpay', reference: 'pay_r' })
    const body = { id: 'r', measures: { satisfaction } }
    return { ...server, answer: await server.ask({ as: 'chen', path: '/sessions/complete', body }) }
  }

  test.each([
    [2, '60.00'],
    ['2.5', '60.00'],
    [5, '80.00'],
  ])('with %j gets back what the terms say', async (satisfaction, released) => {
    const { ask, answer } = await rated(satisfaction)
    expect(answer).toMatchObject({ status: 200, body: { status: 'completed' } })
    await ask({ path: '/sessions/settle', body: { id: 'r', early: { reason: 'agreed' } } })
    expect((await ask({ as: 'chen', path: '/sessions/r' })).body.shares.coach.released).toEqual(inr(released))
  })

  test.each([0, 6, -1, '1e1', 'NaN', null, true, { value: 2 }])('with %j is refused', async (satisfaction) => {
    const { answer, ledger } = await rated(satisfaction)
    expect([400, 422], answer.body.detail).toContain(answer.status)
    expect(await ledger.escrows.get('r')).toMatchObject({ status: 'funded', measures: {} })
  })
})
