import { createLedger, type Ledger, type Reads, type Storage } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { deal, fundedDeal, inr, owe, paymentOf } from '../fixtures/deals.js'
import { createRestlessWriter } from '../fixtures/restless-writer.js'
import { type StorageUnderTest, storages } from '../fixtures/storages.js'

type Interruption = (read: keyof Reads, values: readonly unknown[]) => Promise<void> | undefined

/** A storage before each of whose reads something can be done. */
function interrupted(storage: Storage, interrupt: Interruption): Storage {
  const reads = Object.entries(storage.reads).map(
    ([name, read]: [string, (...values: never[]) => Promise<unknown>]) => [
      name,
      async (...values: never[]) => {
        await interrupt(name as keyof Reads, values)
        return read(...values)
      },
    ],
  )
  return { ...storage, reads: Object.fromEntries(reads) as Reads }
}

/** A ledger that writes, and another on the same book whose reads are interrupted. */
async function openInterrupted({ openLedger }: StorageUnderTest, interruptionOf: (ledger: Ledger) => Interruption) {
  const { ledger, clock, storage } = await openLedger()
  const runtime = { now: () => clock.now }
  const watched = createLedger({ storage: interrupted(storage, interruptionOf(ledger)), runtime })
  return { ledger, watched, clock }
}

const clean = { deviations: [], undecided: 0 }

describe.each(storages)('what changes on $name while it is judged is no deviation', (on) => {
  test('an escrow and its payments, funded again and again', async () => {
    let parts = 0
    let isJudging = false
    const { ledger, watched } = await openInterrupted(on, (writer) => (read) => {
      // Between the escrow, its postings, their entries and the payments.
      if (!isJudging || !['auditPostings', 'entries', 'record'].includes(read) || parts >= 8) return
      const reference = `part-${parts++}`
      return writer.escrows.fund({ id: 's1', amount: inr('10.00'), gateway: 'hand', reference }).then(() => {})
    })
    await ledger.escrows.open(deal('s1'))
    await ledger.escrows.fund({ id: 's1', amount: inr('100.00'), ...paymentOf('s1') })
    const onProgress = ({ checked }: { checked: { entries: number } }) => {
      isJudging = checked.entries > 0
    }
    expect(await watched.verify({ onProgress })).toMatchObject(clean)
    expect(parts).toBe(8)
  })

  test('what is in transit, before and after the instructions are added up', async () => {
    let payouts = 0
    const { ledger, watched } = await openInterrupted(on, (writer) => (read) => {
      if (read !== 'sum' && read !== 'account') return
      const id = `po-${payouts++}`
      return writer.payouts.request({ id, payee: 'priya', amount: inr('1.00'), gateway: 'razorpay' }).then(() => {})
    })
    await owe(ledger, 'priya', inr('500.00'))
    await ledger.payouts.request({ id: 'first', payee: 'priya', amount: inr('1.00'), gateway: 'razorpay' })
    expect(await watched.verify()).toMatchObject(clean)
    expect(payouts).toBeGreaterThan(2)
  })

  test('an account that is frozen and unfrozen', async () => {
    const code = 'payee:priya:payable'
    let changes = 0
    const { ledger, watched } = await openInterrupted(on, (writer) => (read, [, kind]) => {
      if (changes >= 12 || !(read === 'account' || (read === 'record' && kind === 'restrictions'))) return
      const change = changes++ % 2 === 0 ? writer.accounts.unfreeze({ code }) : writer.accounts.freeze({ code })
      return change.then(() => {})
    })
    await owe(ledger, 'priya', inr('500.00'))
    await ledger.accounts.freeze({ code })
    expect(await watched.verify()).toMatchObject(clean)
    expect(changes).toBe(12)
  })

  test('accounts that are opened between those of a page', async () => {
    let deals = 0
    const { ledger, watched } = await openInterrupted(on, (writer) => (read) => {
      if (read !== 'auditPostings' || deals >= 20) return
      return fundedDeal(writer, `b${deals++}`)
    })
    for (const id of ['a', 'c', 'd']) await fundedDeal(ledger, id)
    expect(await watched.verify({ pageSize: 2 })).toMatchObject(clean)
  })
})

const isLong = process.env.TEST_LONG === '1'
const seedsOn: Readonly<Record<string, number>> = isLong ? { SQLite: 50, PostgreSQL: 20 } : { SQLite: 2, PostgreSQL: 1 }

describe.each(storages)('a writer on $name between any two reads', (on) => {
  const seeds = Array.from({ length: seedsOn[on.name] ?? 0 }, (_, index) => index + 1)
  test.each(seeds)('is never taken for a deviation (seed %i)', async (seed) => {
    // Every other read, so that the walks come to their end although the book grows.
    let reads = 0
    let write = async () => {}
    const { ledger, watched, clock } = await openInterrupted(on, () => () => (reads++ % 2 === 0 ? write() : undefined))
    const writer = createRestlessWriter(ledger, { clock, seed })
    for (let step = 0; step < 80; step++) await writer.write()
    write = () => writer.write()
    for (const pageSize of [3, 500]) {
      const written = writer.written()
      expect(await watched.verify({ pageSize })).toMatchObject(clean)
      expect(writer.written() - written).toBeGreaterThan(20)
    }
    expect(await ledger.verify()).toMatchObject(clean)
  })
})
