import type { BookLedger, EntryInput } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { balances, expectClean } from '../fixtures/balances.js'
import { deal, inr, paymentOf } from '../fixtures/deals.js'
import { START } from '../fixtures/open-ledger.js'
import { type Overlapping, openOverlapping } from '../fixtures/open-overlapping.js'
import { codeOf, tallyOf } from '../fixtures/outcomes.js'
import { until } from '../fixtures/until.js'

const moving = (from: string, to: string, amount = '10.00'): EntryInput => ({
  postings: [
    { account: to, debit: inr(amount) },
    { account: from, credit: inr(amount) },
  ],
})
const intoBank = moving('opening-balances', 'bank:hdfc')

const AHEAD = ['persist persisted']
const LOCKED = ['load', 'find', 'persist persisted']
const STALE = ['persist stale', ...LOCKED]

/** A book that has had its first entry, whose accounts the engine holds. */
async function warm(options: Parameters<typeof openOverlapping>[0] = {}): Promise<Overlapping> {
  const opened = await openOverlapping(options)
  await opened.ledger.journal.post(intoBank)
  return opened
}

const stepsOf = ({ units }: Overlapping) => units.map(({ steps }) => steps)

describe('a batch that is decided ahead', () => {
  test('is one step, from records that are read once and then held', async () => {
    const opened = await openOverlapping()
    for (let nth = 0; nth < 3; nth++) await opened.ledger.journal.post(intoBank)
    expect(stepsOf(opened)).toEqual([AHEAD, AHEAD, AHEAD])
    expect(opened.reads.count).toBe(1)
    expect(await balances(opened.ledger)).toMatchObject({ 'bank:hdfc INR': '30.00' })
    await expectClean(opened.ledger)
  })

  test('is sent while the one before it is under way, and answered after its own commit only', async () => {
    const opened = await warm()
    const { ledger, units, holdBack } = opened
    const first = holdBack()
    const second = holdBack()
    const answered: string[] = []
    const one = ledger.journal.post(intoBank).then(() => answered.push('one'))
    await first.begun
    const two = ledger.journal.post(intoBank).then(() => answered.push('two'))
    await second.begun
    first.letGo()
    await one
    expect(answered).toEqual(['one'])
    second.letGo()
    await two
    expect(stepsOf(opened)).toEqual([AHEAD, AHEAD, AHEAD])
    expect(units).toHaveLength(3)
    await expectClean(ledger)
  })

  test('is sent again as it is when it came before the one that it rests on', async () => {
    const opened = await warm()
    const { ledger, units, holdBack } = opened
    const first = holdBack()
    const one = ledger.journal.post(intoBank)
    await first.begun
    const two = ledger.journal.post(intoBank)
    await until('the second is stale', () => units[2]?.steps[0] === 'persist stale')
    first.letGo()
    const [{ entry: before }, { entry: after }] = await Promise.all([one, two])
    expect(stepsOf(opened)).toEqual([AHEAD, AHEAD, ['persist stale'], AHEAD])
    expect([before.postings[0]?.version, after.postings[0]?.version]).toEqual([2, 3])
    expect(opened.reads.count).toBe(1)
    await expectClean(ledger)
  })

  test('waits for the one before where that one posts nothing which would prove that it is there', async () => {
    const opened = await warm()
    const { ledger, units, holdBack } = opened
    const first = holdBack()
    const opening = ledger.escrows.open(deal('s'))
    await first.begun
    const funding = ledger.escrows.fund({ id: 's', amount: inr('1000.00'), ...paymentOf('s') })
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(units).toHaveLength(2)
    first.letGo()
    await Promise.all([opening, funding])
    expect(stepsOf(opened)).toEqual([AHEAD, AHEAD, AHEAD])
  })

  test('sees what the one before it has created, and what that one posted', async () => {
    const { ledger, units, holdBack } = await warm()
    const first = holdBack()
    const funding = ledger.escrows.fund({ id: 's', amount: inr('1000.00'), ...paymentOf('s') })
    await first.begun
    // Nothing is answered yet; the entry of the batch under way is named by its place in the book alone.
    const opening = ledger.escrows.open(deal('s'))
    const again = ledger.escrows.fund({ id: 's', amount: inr('1000.00'), ...paymentOf('s') })
    first.letGo()
    await Promise.all([funding, opening])
    expect(await again).toMatchObject({ allocated: inr('1000.00') })
    expect(units.every(({ steps }) => steps[0]?.startsWith('persist'))).toBe(true)
    expect(await balances(ledger)).toMatchObject({ 'escrow:s INR': '1000.00' })
    await expectClean(ledger)
  })
})

describe('units of work under way', () => {
  const flood = (ledger: BookLedger, count: number) =>
    Array.from({ length: count }, () => ledger.journal.post(intoBank))

  test('are at most two of one book', async () => {
    const { ledger, most } = await warm({ limits: { maxBatch: 10 }, inFlight: 8 })
    expect(await tallyOf(flood(ledger, 200))).toEqual({ ok: 200 })
    expect(most.inOneBook).toBe(2)
    await expectClean(ledger)
  })

  test('are bounded over all books, which take turns', async () => {
    const { ledger, most, commits } = await openOverlapping({ limits: { maxBatch: 10 }, inFlight: 3 })
    const books = ['a', 'b', 'c', 'd']
    const calls = books.flatMap((name) => flood(ledger.book(name), 60))
    expect(await tallyOf(calls)).toEqual({ ok: 240 })
    expect(most.inAll).toBe(3)
    // Each book is served before any of them is served for the third time.
    const turns = commits.map(({ book }) => book)
    const third = turns.findIndex((book, index) => turns.slice(0, index).filter((each) => each === book).length === 2)
    expect(new Set(turns.slice(0, third))).toEqual(new Set(books))
  })

  test('hold half of the callers each', async () => {
    const { ledger, commits } = await warm()
    await Promise.all(flood(ledger, 256))
    expect(commits.slice(1).map(({ changes }) => changes[0]?.keys.length)).toEqual([128, 128])
  })

  test('start at once for a caller that comes alone', async () => {
    const { ledger, units, holdBack } = await warm()
    const gates = [holdBack(), holdBack()] as const
    const one = ledger.journal.post(intoBank)
    await gates[0].begun
    const two = ledger.journal.post(intoBank)
    await gates[1].begun
    expect(units).toHaveLength(3)
    for (const gate of gates) gate.letGo()
    await Promise.all([one, two])
  })
})

describe('a batch that turns out stale', () => {
  test('is decided again under locks in the same unit of work', async () => {
    const opened = await warm()
    await opened.foreign.journal.post(intoBank)
    const { entry } = await opened.ledger.journal.post(intoBank)
    expect(stepsOf(opened)).toEqual([AHEAD, STALE])
    expect(entry.postings[0]).toMatchObject({ version: 3, balance: inr('30.00') })
    await expectClean(opened.ledger)
  })

  test('sends the book to the locked path, for twice as long each time in a row', async () => {
    const opened = await warm()
    /** Posts while somebody else posts to the same accounts, until that makes a batch stale; counts the others. */
    const lockedUntilStale = async () => {
      for (let locked = 0; ; locked++) {
        const gate = opened.holdBack()
        const call = opened.ledger.journal.post(intoBank)
        await gate.begun
        await opened.foreign.journal.post(intoBank)
        gate.letGo()
        await call
        if (stepsOf(opened).at(-1)?.[0] === 'persist stale') return locked
        expect(stepsOf(opened).at(-1)).toEqual(LOCKED)
      }
    }
    const inARow: number[] = []
    while (inARow.length < 5) inARow.push(await lockedUntilStale())
    expect(inARow).toEqual([0, 1, 2, 4, 8])
    // One batch that is persisted as it was decided makes the book forget all that.
    do await opened.ledger.journal.post(intoBank)
    while (stepsOf(opened).at(-1)?.[0] === 'load')
    expect([await lockedUntilStale(), await lockedUntilStale()]).toEqual([0, 1])
    await expectClean(opened.ledger)
  })

  test('takes the one that was decided on top of it along, whoever comes first', async () => {
    for (const [first, second] of [[0, 1] as const, [1, 0] as const]) {
      const opened = await warm()
      const { ledger, foreign, holdBack, units } = opened
      const gates = [holdBack(), holdBack()] as const
      const one = ledger.journal.post({ ...intoBank, reference: 'one' })
      await gates[0].begun
      const two = ledger.journal.post({ ...intoBank, reference: 'two' })
      await gates[1].begun
      // Just as many changes of the same accounts as the first batch would have made: the revisions say nothing.
      await foreign.journal.post(moving('opening-balances', 'bank:hdfc', '77.00'))
      gates[first].letGo()
      await until('the one that is let go is stale', () => units[first + 1]?.steps[0] === 'persist stale')
      gates[second].letGo()
      const entries = (await Promise.all([one, two])).map(({ entry }) => entry.postings[0])
      expect(entries.map((posting) => posting?.version)).toEqual([3, 4])
      expect(entries.map((posting) => posting?.balance)).toEqual([inr('97.00'), inr('107.00')])
      await expectClean(ledger)
    }
  })

  test('is not decided again while the one that rests on it is under way', async () => {
    const { ledger, foreign, holdBack, units } = await warm()
    await ledger.accounts.open({ code: 'wallet', currency: 'INR', type: 'asset', floor: inr('0.00') })
    await ledger.journal.post(moving('bank:hdfc', 'wallet', '5.00'))
    const begun = units.length
    const gates = [holdBack(), holdBack()] as const
    const spent = ledger.journal.post(moving('wallet', 'bank:hdfc', '5.00'))
    const one = ledger.journal.post(intoBank)
    await gates[0].begun
    const two = ledger.journal.post(intoBank)
    await gates[1].begun
    // Decided again, the first batch is one entry short: the revisions would be those that the second one assumes.
    await foreign.journal.post(moving('wallet', 'bank:hdfc', '1.00'))
    gates[0].letGo()
    await until('the first is stale', () => units[begun]?.steps[0] === 'persist stale')
    for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve))
    gates[1].letGo()
    expect(await Promise.all([spent, one, two].map(codeOf))).toEqual(['insufficient_funds', 'ok', 'ok'])
    expect(await balances(ledger)).toMatchObject({ 'bank:hdfc INR': '26.00', 'wallet INR': '4.00' })
    await expectClean(ledger)
  })

  test('leaves no effect of a key that another process used meanwhile, and answers with that effect', async () => {
    const opened = await warm()
    const { ledger, foreign, holdBack } = opened
    const gate = holdBack()
    const call = ledger.journal.post(intoBank, { idempotencyKey: 'k' })
    await gate.begun
    const theirs = await foreign.journal.post(intoBank, { idempotencyKey: 'k' })
    gate.letGo()
    expect(await call).toEqual({ ...theirs, replayed: true })
    expect(await balances(ledger)).toMatchObject({ 'bank:hdfc INR': '20.00' })
    await expectClean(ledger)
  })
})

describe('an idempotency key', () => {
  test('that is under way is waited for', async () => {
    const opened = await warm()
    const { ledger, units, holdBack } = opened
    const gate = holdBack()
    const one = ledger.journal.post(intoBank, { idempotencyKey: 'k' })
    await gate.begun
    const two = ledger.journal.post(intoBank, { idempotencyKey: 'k' })
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(units).toHaveLength(2)
    gate.letGo()
    expect(await two).toEqual({ ...(await one), replayed: true })
    await expectClean(ledger)
  })

  test('that is committed is answered without a unit of work', async () => {
    const { ledger, units } = await warm()
    const first = await ledger.journal.post(intoBank, { idempotencyKey: 'k' })
    expect(await ledger.journal.post(intoBank, { idempotencyKey: 'k' })).toEqual({ ...first, replayed: true })
    expect(units).toHaveLength(2)
    expect(await codeOf(ledger.journal.post(moving('a', 'b'), { idempotencyKey: 'k' }))).toBe('idempotency_key_reused')
  })
})

describe('a refusal', () => {
  const spend = moving('wallet', 'bank:hdfc', '5.00')

  async function withWallet(): Promise<Overlapping> {
    const opened = await warm()
    const { ledger } = opened
    await ledger.accounts.open({ code: 'wallet', currency: 'INR', type: 'asset', floor: inr('0.00') })
    await ledger.journal.post(moving('bank:hdfc', 'wallet', '1.00'))
    await ledger.journal.post(moving('wallet', 'bank:hdfc', '1.00'))
    return opened
  }

  test('in a batch with others is told once the records that it rests on were compared', async () => {
    const opened = await withWallet()
    const calls = [opened.ledger.journal.post(intoBank), opened.ledger.journal.post(spend)]
    expect(await Promise.all(calls.map(codeOf))).toEqual(['ok', 'insufficient_funds'])
    expect(stepsOf(opened).at(-1)).toEqual(AHEAD)
  })

  test('that rests on records which others have changed is taken back', async () => {
    const opened = await withWallet()
    await opened.foreign.journal.post(moving('bank:hdfc', 'wallet', '5.00'))
    // The entry that is accepted changes no account of the refused one.
    const elsewhere = opened.ledger.journal.post(moving('opening-balances', 'bank:axis'))
    expect(await Promise.all([elsewhere, opened.ledger.journal.post(spend)].map(codeOf))).toEqual(['ok', 'ok'])
    expect(stepsOf(opened).at(-1)).toEqual(STALE)
    await expectClean(opened.ledger)
  })

  test('alone is decided under locks', async () => {
    const opened = await withWallet()
    await opened.foreign.journal.post(moving('bank:hdfc', 'wallet', '5.00'))
    expect(await codeOf(opened.ledger.journal.post(spend))).toBe('ok')
    expect(await codeOf(opened.ledger.journal.post(spend))).toBe('insufficient_funds')
    expect(stepsOf(opened).at(-1)).toEqual(['load', 'find'])
  })

  test('of an entry that another process posted a moment ago never happens', async () => {
    const { ledger, foreign } = await warm()
    const reverse = (entry: string) => ledger.journal.reverse({ entry, effectiveAt: START, reason: 'typo' })
    const unknown = '01890a5d-ac96-774b-bcce-b302099a8057'
    expect(await codeOf(reverse(unknown))).toBe('entry_not_found')
    const { entry } = await foreign.journal.post(intoBank)
    expect(await codeOf(reverse(entry.id))).toBe('ok')
    await expectClean(ledger)
  })
})

describe('commands that need the whole book', () => {
  test('run alone, in their place', async () => {
    const opened = await warm({ inFlight: 8 })
    const { ledger, most } = opened
    const post = () => ledger.journal.post(intoBank)
    const calls = [
      post(),
      post(),
      ledger.accounts.freeze({ code: 'bank:hdfc', what: 'all' }),
      ledger.books.close({ through: '2026-10-31' }),
      post(),
      ledger.accounts.unfreeze({ code: 'bank:hdfc' }),
      post(),
      post(),
    ]
    expect(await Promise.all(calls.map(codeOf))).toEqual(['ok', 'ok', 'ok', 'ok', 'account_frozen', 'ok', 'ok', 'ok'])
    // The post that is refused goes back to be decided under locks, and everything that waits then goes with it.
    expect(stepsOf(opened)).toEqual([AHEAD, AHEAD, LOCKED, LOCKED])
    expect(most.inOneBook).toBe(1)
    await expectClean(ledger)
  })
})

describe('rows that the database refuses', () => {
  const poisoned = (description: string) => ({ ...intoBank, description })

  test('fail their own call, and no neighbour', async () => {
    const { ledger } = await openOverlapping({
      limits: { maxBatch: 16 },
      fate: ({ changes }) =>
        changes.some(({ entries }) => entries.some(({ description }) => description === 'poison'))
          ? 'refused'
          : 'committed',
    })
    const calls = Array.from({ length: 60 }, (_, index) =>
      ledger.journal.post(poisoned(index % 20 === 7 ? 'poison' : 'good')),
    )
    const codes = await Promise.all(calls.map(codeOf))
    expect(codes.flatMap((code, index) => (code === 'ok' ? [] : [`${index} ${code}`]))).toEqual([
      '7 storage_refused',
      '27 storage_refused',
      '47 storage_refused',
    ])
    expect(await balances(ledger)).toMatchObject({ 'bank:hdfc INR': '570.00' })
    await expectClean(ledger)
  })

  test('leave nothing behind in the records that are held', async () => {
    let busy = false
    const { ledger } = await warm({ fate: () => (busy ? 'busy' : 'committed') })
    busy = true
    expect(await codeOf(ledger.journal.post(intoBank))).toBe('storage_busy')
    busy = false
    const { entry } = await ledger.journal.post(intoBank)
    expect(entry.postings[0]).toMatchObject({ version: 2, balance: inr('20.00') })
    await expectClean(ledger)
  })
})
