import type { Commit, CommitFate } from '@escrow-ledger/testkit'
import type { LedgerError } from 'escrow-ledger'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { balances, expectClean } from '../fixtures/balances.js'
import {
  type Deed,
  type History,
  type Made,
  makeHistory,
  openSerial,
  type Plan,
  perform,
  wallets,
} from './overlapping-history.js'

const runs = process.env.TEST_LONG === '1' ? 2_000 : 60

const accounts = ['bank:hdfc', 'opening-balances', ...wallets]
const anyAccount = fc.constantFrom(...accounts)
const anyEscrow = fc.constantFrom('s1', 's2')
const anyMove: fc.Arbitrary<Deed> = fc
  .tuple(anyAccount, fc.integer({ min: 1, max: accounts.length - 1 }), fc.integer({ min: 1, max: 30 }))
  .map(([from, steps, amount]) => {
    const to = accounts[(accounts.indexOf(from) + steps) % accounts.length] as string
    return { deed: 'move', from, to, amount }
  })
const anyDeed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 12, arbitrary: anyMove },
  { weight: 4, arbitrary: fc.record({ deed: fc.constantFrom('open', 'complete', 'settle'), escrow: anyEscrow }) },
  { weight: 3, arbitrary: fc.record({ deed: fc.constant('fund'), escrow: anyEscrow, payment: fc.nat(3) }) },
  {
    weight: 1,
    arbitrary: fc.record({ deed: fc.constantFrom('freeze', 'unfreeze'), account: fc.constantFrom(...wallets) }),
  },
  { weight: 1, arbitrary: fc.record({ deed: fc.constant('close'), day: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ deed: fc.constant('reverse'), of: fc.nat(20) }) },
)

function anyPlan({ foreign, fates }: { foreign: boolean; fates: readonly CommitFate[] }): fc.Arbitrary<Plan> {
  const call = fc.record({
    deed: anyDeed,
    by: foreign ? fc.constantFrom('ledger', 'ledger', 'foreign') : fc.constant('ledger'),
    key: fc.constantFrom('given', 'given', 'own', 'own', 'again'),
    turns: fc.constantFrom(0, 0, 0, 0, 1, 3, 12),
  }) as fc.Arbitrary<Plan['calls'][number]>
  return fc.record({
    seed: fc.integer(),
    maxBatch: fc.constantFrom(1, 2, 3, 5, 16),
    inFlight: fc.constantFrom(1, 2, 4),
    fates:
      fates.length === 0
        ? fc.constant([])
        : fc.array(fc.constantFrom('committed', 'committed', ...fates), { maxLength: 30 }),
    calls: fc.array(call, { minLength: 1, maxLength: 50 }),
  }) as fc.Arbitrary<Plan>
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** An answer as text, without the ids that differ from run to run. */
const textOf = (answer: object) =>
  JSON.stringify(answer, (_, value) => (typeof value === 'bigint' ? `${value}` : value)).replace(uuid, 'id')

/** The calls that were committed, in the order in which they were decided: within one batch, that of the calls. */
function committedCalls({ commits, made }: History): Made[] {
  const first = new Map<string, Made>()
  for (const call of made) if (!first.has(call.key)) first.set(call.key, call)
  const inCommit = ({ changes }: Commit) =>
    changes
      .flatMap(({ keys }) => keys)
      .map(({ key }) => first.get(key) as Made)
      .sort((left, right) => left.index - right.index)
  return commits.flatMap(inCommit)
}

/** Makes the committed calls one after another, and compares every answer and the books. */
async function equalsSerial(history: History): Promise<void> {
  const serial = await openSerial()
  const ids = new Map<number, string>()
  for (const { deed, key } of committedCalls(history)) {
    const answer = await perform(serial.ledger, { deed, key, ids })
    const entry = (answer as { entry?: { id: string } }).entry
    if (entry) for (const call of history.made) if (call.key === key) ids.set(call.index, entry.id)
    // What is known of a deed that is a fact, such as a payment, is answered as a repetition in both.
    const told = history.made.filter((call) => call.key === key && call.answer !== null)
    for (const call of told)
      expect(textOf({ ...call.answer, replayed: null })).toBe(textOf({ ...answer, replayed: null }))
  }
  expect(await balances(history.ledger)).toEqual(await balances(serial.ledger))
  await expectClean(history.ledger)
}

/** Whatever was answered is there once, and whatever failed is not there at all. */
function eachEffectOnce({ commits, made }: History): void {
  const keys = commits.flatMap(({ changes }) => changes.flatMap((each) => each.keys.map(({ key }) => key)))
  expect(new Set(keys).size).toBe(keys.length)
  const committed = new Set(keys)
  for (const { key, answer } of made) if (answer) expect(committed).toContain(key)
  const answered = new Set(made.filter(({ answer }) => answer !== null).map(({ key }) => key))
  const unknown = made.filter(({ error }) => error?.code === 'outcome_unknown').map(({ key }) => key)
  for (const key of committed) expect([...answered, ...unknown]).toContain(key)
}

/** The first result is told as such once, and to one caller. */
function eachKeyTold({ made }: History): void {
  const moves = made.filter(({ deed }) => deed.deed === 'move')
  for (const key of new Set(moves.map((call) => call.key))) {
    const calls = moves.filter((call) => call.key === key)
    const firsts = calls.filter(({ answer }) => answer?.replayed === false)
    const failed = calls.some(({ error }) => error !== null && error.kind !== 'conflict')
    expect(firsts.length).toBeLessThanOrEqual(1)
    if (!failed && calls.some(({ answer }) => answer !== null)) expect(firsts).toHaveLength(1)
  }
}

/** What a refusal says was there was there, between the call and its answer. */
async function eachRefusalTrue({ storage, made }: History): Promise<void> {
  for (const { error, versions } of made) {
    const refused: LedgerError | null = error
    if (refused?.code !== 'insufficient_funds' || !wallets.includes(refused.account)) continue
    const { account: code, available } = refused
    const ref = { code, currency: 'INR' }
    const rows = await storage.reads.postingsByVersion('main', ref, { after: 0, limit: 1_000 })
    const [from, through] = [versions.from, versions.through].map((each) => each.get(`INR:${code}`) ?? 0)
    const seen = rows.filter(({ posting }) => posting.version >= (from ?? 0) && posting.version <= (through ?? 0))
    expect(seen.map(({ posting }) => posting.balance)).toContain(available.minor)
  }
}

async function holds(plan: Plan): Promise<void> {
  const history = await makeHistory(plan)
  await equalsSerial(history)
  eachEffectOnce(history)
  eachKeyTold(history)
  await eachRefusalTrue(history)
  await history.ledger.close()
}

describe('whatever overlaps, the books are those of the same calls one after another', () => {
  test.each([
    ['with nobody else', { foreign: false, fates: [] }],
    ['beside another process', { foreign: true, fates: [] }],
    ['while the database refuses', { foreign: true, fates: ['refused', 'busy'] }],
    ['while answers are lost', { foreign: true, fates: ['lost', 'unanswered', 'late'] }],
    ['while everything happens', { foreign: true, fates: ['lost', 'unanswered', 'late', 'refused', 'busy'] }],
  ] as const)('%s', async (_, kind) => {
    await fc.assert(fc.asyncProperty(anyPlan(kind), holds), { numRuns: runs })
  })
})
