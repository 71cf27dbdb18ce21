import { hash } from 'node:crypto'
import { type BookLedger, LedgerError } from 'escrow-ledger'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { all, expectClean } from '../fixtures/balances.js'
import { deal, fundedDeal, inr, paymentOf } from '../fixtures/deals.js'
import type { FrontendMessage } from '../postgres/protocol-messages.js'
import type { TcpProxy } from '../postgres/tcp-proxy.js'
import { type BehindProxy, openBehindProxy } from './behind-proxy.js'

const isLong = process.env.TEST_LONG === '1'
const RUNS = isLong ? 150 : 6
const DEALS = 3

const deeds = ['cut before', 'cut answer', 'cut within answer', 'silence before', 'silence answer'] as const

const faults = fc.array(
  fc.record({
    /** Which message of the run it is that meets it. */
    nth: fc.nat(60),
    deed: fc.constantFrom(...deeds),
    mode: fc.constantFrom('rst', 'fin'),
  }),
  { minLength: 1, maxLength: 6 },
)

const callers = fc.array(
  fc.record({
    /** Whether this caller has keys of its own, and calls again under them until it is answered. */
    keyed: fc.boolean(),
    steps: fc.array(
      fc.record({ what: fc.nat(9), which: fc.nat(DEALS - 1), amount: fc.integer({ min: 1, max: 300 }) }),
      {
        minLength: 1,
        maxLength: 6,
      },
    ),
  }),
  { minLength: 2, maxLength: 8 },
)

const nothingPosted = { replayed: false, entries: [] }

interface Told {
  /** The key that the caller gave, or that it was told. */
  readonly key: string | null
  readonly reference: string
  readonly outcome: 'ok' | 'refused' | 'nothing was changed' | 'unknown'
  readonly entries: readonly string[]
}

type Call = (key: {
  idempotencyKey?: string
}) => Promise<{ readonly replayed: boolean; readonly entries: readonly { id: string }[] }>

function callOf(
  book: BookLedger,
  { what, which, amount }: { what: number; which: number; amount: number },
  reference: string,
): Call {
  const id = `d${which}`
  const money = inr(`${amount}.00`)
  const postings = [
    { account: `hot:${which}`, debit: money },
    { account: `hot:${(which + 1) % DEALS}`, credit: money },
  ]
  const ways: Call[] = [
    (key) => book.escrows.fund({ id, amount: money, ...paymentOf(reference) }, key),
    (key) => book.escrows.complete({ id }, key),
    (key) => book.escrows.settle({ id, early: { reason: 'agreed', amount: money } }, key),
    (key) => book.escrows.refund({ id, amount: money }, key),
    (key) => book.escrows.cancel({ id }, key),
    (key) => book.accounts.freeze({ code: 'hot:0' }, key).then(() => nothingPosted),
    (key) => book.accounts.unfreeze({ code: 'hot:0' }, key).then(() => nothingPosted),
  ]
  const post: Call = async (key) => {
    const { entry, replayed } = await book.journal.post({ postings, reference }, key)
    return { replayed, entries: [entry] }
  }
  return ways[what] ?? post
}

/** Makes one call, again under its key while it is not known what came of it. */
async function make(call: Call, { reference, keyed }: { reference: string; keyed: boolean }): Promise<Told> {
  const key = keyed ? { idempotencyKey: reference } : {}
  for (let tries = 0; ; tries++) {
    try {
      const { replayed, entries } = await call(key)
      if (tries === 0) expect(replayed).toBe(false)
      return { key: keyed ? reference : null, reference, outcome: 'ok', entries: entries.map(({ id }) => id) }
    } catch (error) {
      if (!(error instanceof LedgerError) || error.kind === 'internal') throw error
      const told = { key: keyed ? reference : null, reference, entries: [] }
      if (error.kind !== 'unavailable') return { ...told, outcome: 'refused' }
      if (keyed) continue
      if (error.code !== 'outcome_unknown') return { ...told, outcome: 'nothing was changed' }
      return { ...told, key: error.idempotencyKey, outcome: 'unknown' }
    }
  }
}

/** Has each fault meet its message, counted from now on; gives what calls the rest of them off. */
function schedule(
  proxy: TcpProxy,
  planned: readonly { nth: number; deed: (typeof deeds)[number]; mode: 'rst' | 'fin' }[],
) {
  let count = 0
  let over = false
  const counted = new WeakMap<FrontendMessage, number>()
  const placeOf = (message: FrontendMessage) => {
    const place = counted.get(message) ?? count++
    counted.set(message, place)
    return place
  }
  for (const { nth, deed, mode } of planned) {
    const isDue = (message: FrontendMessage) =>
      !over && (message.type === 'Q' || message.type === 'B') && placeOf(message) === nth
    proxy.trap(isDue, deed, { mode })
  }
  return () => {
    over = true
    proxy.thaw()
  }
}

async function keysOf({ pool, schema }: BehindProxy, book: string): Promise<Set<string>> {
  const { rows } = await pool.query(
    `select key_hash from ${schema}.ledger_idempotency_keys join ${schema}.ledger_books using (book) where name = $1`,
    [book],
  )
  return new Set(rows.map(({ key_hash: found }) => found.replaceAll('-', '')))
}

const hashOf = (key: string) => hash('sha256', key, 'hex').slice(0, 32)

/** Each call that was acknowledged is in the books once, and none that was refused, or of which nothing was changed. */
async function compare(opened: BehindProxy, { name, before, told }: { name: string; before: Before; told: Told[] }) {
  const keys = await keysOf(opened, name)
  const entries = (await all(opened.direct.book(name).journal.list())).filter(({ id }) => !before.entries.has(id))
  const ids = new Set(entries.map(({ id }) => id))
  const ok = told.filter(({ outcome }) => outcome === 'ok')
  expect(ok.filter(({ key }) => key !== null && !keys.has(hashOf(key)))).toEqual([])
  const answered = ok.flatMap((each) => each.entries)
  expect(new Set(answered).size).toBe(answered.length)
  expect(answered.filter((id) => !ids.has(id))).toEqual([])

  const absent = told.filter(({ outcome }) => outcome === 'refused' || outcome === 'nothing was changed')
  expect(absent.filter(({ key }) => key !== null && keys.has(hashOf(key)))).toEqual([])
  const references = new Set(entries.map(({ reference }) => reference))
  expect(absent.filter(({ reference }) => references.has(reference))).toEqual([])

  // What nobody was told of is what somebody was told is unknown, by its key.
  const unknown = told.filter(({ outcome, key }) => outcome === 'unknown' && keys.has(hashOf(key ?? '')))
  expect(keys.size).toBe(before.keys + ok.length + unknown.length)
  if (unknown.length === 0) expect(entries).toHaveLength(answered.length)
  await expectClean(opened.direct.book(name))
}

interface Before {
  readonly keys: number
  readonly entries: ReadonlySet<string>
}

async function prepare(opened: BehindProxy, name: string): Promise<Before> {
  const book = opened.direct.book(name)
  for (let index = 0; index < DEALS; index++) {
    await book.accounts.open({ code: `hot:${index}`, currency: 'INR', type: 'liability' })
    await fundedDeal(book, `d${index}`, inr('500.00'))
    await book.escrows.open(deal(`unfunded-${index}`))
  }
  const entries = new Set((await all(book.journal.list())).map(({ id }) => id))
  return { keys: (await keysOf(opened, name)).size, entries }
}

const kinds = [
  { kind: 'a patient library', options: {} },
  { kind: 'a library that gives up soon', options: { busyDeadlineMs: 300, limits: { recoveryTries: 1 } } },
]

test.each(kinds)(
  'whatever happens to connections, the books hold what callers were told ($kind)',
  async ({ options }) => {
    const opened = await openBehindProxy(options)
    let runs = 0
    const property = fc.asyncProperty(faults, callers, async (planned, given) => {
      const name = `run-${runs++}`
      const before = await prepare(opened, name)
      const callOff = schedule(opened.proxy, planned)
      const book = opened.ledger.book(name)
      const told = await Promise.all(
        given.map(async ({ keyed, steps }, caller) => {
          const answers: Told[] = []
          for (const [index, step] of steps.entries()) {
            const reference = `${name}-${caller}-${index}`
            answers.push(await make(callOf(book, step, reference), { reference, keyed }))
          }
          return answers
        }),
      )
      callOff()
      await compare(opened, { name, before, told: told.flat() })
      if (!options.limits) {
        expect(told.flat().filter(({ outcome }) => outcome !== 'ok' && outcome !== 'refused')).toEqual([])
      }
    })
    // A schedule that fails is told with its seed; shrinking it would wait for every silence again.
    await fc.assert(property, { numRuns: RUNS, endOnFailure: true })
  },
)
