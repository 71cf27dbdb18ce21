import { find, type JoinedTransaction, load, persist, type Storage, type Work } from 'escrow-ledger'
import { deepEqual, equal, failsWith, thrownBy } from './assertions.js'
import { BOOK, type Cases } from './case.js'
import { changesOf, keysOf, newId, post, posted, transfer, written } from './plain-journal.js'
import { creating, restriction } from './sample-records.js'
import { foundKeys, keyRecord, wholeBook } from './whole-book.js'

const usd = (code: string) => ({ code, currency: 'USD' })
const seen = { book: BOOK, keys: ['k'] }

/** A storage whose books lie in no database of a host's has none, and skips these cases with that reason. */
function joined(storage: Storage, { transaction }: { readonly transaction: object }): JoinedTransaction {
  if (!storage.join) throw new Error('This storage joins no transaction of a host: skip the case, and say why.')
  return storage.join(transaction)
}

/** Posts an entry under the key `k`, and writes a record. */
function* postAndMore(amount = 5n): Work<string> {
  const id = newId()
  const more = {
    keys: [keyRecord('k', { entry: id, result: null })],
    records: [creating('restrictions', restriction)],
  }
  yield* post([{ id, lines: transfer('a', 'b', amount) }], more)
  return id
}

async function debitsOf({ reads }: Pick<Storage, 'reads'>, code: string): Promise<bigint> {
  return (await reads.account(BOOK, usd(code)))?.debitsPosted ?? 0n
}

export const joining: Cases = {
  'keeps what is written in a transaction of the host once that commits': async ({ storage, beginHost }) => {
    const host = await beginHost()
    const id = await joined(storage, host).transact(BOOK, () => postAndMore())
    await host.commit()
    equal((await storage.reads.entries(BOOK, [id])).length, 1)
    deepEqual(await storage.reads.record(BOOK, 'restrictions', restriction.code), restriction)
    equal((await foundKeys(storage, BOOK, ['k']))[0]?.entry, id)
  },

  'keeps nothing of it when the host rolls back': async ({ storage, beginHost }) => {
    await posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'c', 1n) }] })
    const before = await wholeBook(storage, seen)
    const host = await beginHost()
    await joined(storage, host).transact(BOOK, () => postAndMore())
    await host.rollback()
    deepEqual(await wholeBook(storage, seen), before)
  },

  'opens accounts anew that a host has taken back': async ({ storage, beginHost }) => {
    await posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'c', 1n) }] })
    for (const amount of [2n, 3n]) {
      const host = await beginHost()
      await joined(storage, host).transact(BOOK, () => post([{ lines: transfer('a', 'new', amount) }]))
      await host.rollback()
    }
    await posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'other', 7n) }] })
    await posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'new', 4n) }] })
    deepEqual([await debitsOf(storage, 'other'), await debitsOf(storage, 'new')], [7n, 4n])
    const page = { after: 0, limit: 10 }
    equal((await storage.reads.postingsByVersion(BOOK, usd('new'), page)).length, 1)
  },

  'looks an account up anew that a host has taken back': async ({ storage, reopen, beginHost }) => {
    const host = await beginHost()
    await joined(storage, host).transact(BOOK, () => post([{ lines: transfer('a', 'new', 2n) }]))
    await host.rollback()
    const other = await reopen()
    await other.migrate()
    await posted(other, { book: BOOK, entries: [{ lines: transfer('a', 'new', 5n) }] })
    const { accounts } = await storage.transact(BOOK, () => load(keysOf({ accounts: [usd('a'), usd('new')] })))
    deepEqual([accounts.get('USD:a')?.creditsPosted, accounts.get('USD:new')?.debitsPosted], [5n, 5n])
    await other.close()
  },

  'goes on from what a host has committed': async ({ storage, beginHost }) => {
    await posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'b', 1n) }] })
    for (const amount of [2n, 3n]) {
      const host = await beginHost()
      await joined(storage, host).transact(BOOK, () => post([{ lines: transfer('a', 'b', amount) }]))
      await host.commit()
      await posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'b', 10n) }] })
    }
    const account = await storage.reads.account(BOOK, usd('b'))
    deepEqual([account?.debitsPosted, account?.version], [26n, 5])
  },

  'shows the reads in a transaction what it wrote, and others nothing of it': async ({ storage, beginHost }) => {
    await posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'b', 1n) }] })
    const host = await beginHost()
    const inside = joined(storage, host)
    const id = await inside.transact(BOOK, () => postAndMore())
    equal(await debitsOf(inside, 'b'), 6n)
    equal((await inside.reads.entryPage(BOOK, { after: null, limit: 10 })).length, 2)
    equal((await inside.transact(BOOK, () => find(['k']))).get('k')?.entry, id)
    equal(await debitsOf(storage, 'b'), 1n)
    equal((await storage.reads.entries(BOOK, [id])).length, 0)
    await host.rollback()
  },

  'takes back a unit of work that throws, and nothing else of the transaction': async ({ storage, beginHost }) => {
    const host = await beginHost()
    const inside = joined(storage, host)
    await inside.transact(BOOK, () => post([{ lines: transfer('a', 'b', 1n) }]))
    const error = new Error('not this one')
    const failing = inside.transact(BOOK, function* (): Work<never> {
      yield* postAndMore()
      throw error
    })
    equal(await thrownBy(() => failing), error)
    await failsWith(['storage_refused', 'invariant_violated'], () =>
      inside.transact(BOOK, () =>
        persist(changesOf({ keys: [keyRecord('k', { entry: newId(), result: null })] }), null),
      ),
    )
    await inside.transact(BOOK, () => post([{ lines: transfer('a', 'b', 2n) }]))
    equal(await debitsOf(inside, 'b'), 3n)
    await host.commit()
    equal(await debitsOf(storage, 'b'), 3n)
    equal(await storage.reads.record(BOOK, 'restrictions', restriction.code), null)
    deepEqual(await foundKeys(storage, BOOK, ['k']), [])
  },

  'runs what is asked of a transaction at once one after another': async ({ storage, beginHost }) => {
    const host = await beginHost()
    const order: number[] = []
    const asked = Array.from({ length: 12 }, async (_, index) => {
      const running = joined(storage, host).transact(BOOK, function* (): Work<void> {
        yield* post([{ lines: transfer('a', 'b', 1n) }])
        order.push(index)
        if (index % 3 === 0) throw new Error('taken back')
      })
      await (index % 3 === 0 ? thrownBy(() => running) : running)
    })
    const reading = joined(storage, host).reads.account(BOOK, usd('b'))
    await Promise.all(asked)
    equal((await reading)?.debitsPosted, 8n)
    deepEqual(order, [...order.keys()])
    await host.commit()
    equal(await debitsOf(storage, 'b'), 8n)
  },

  'leaves nothing of a unit of work that only reads': async ({ storage, beginHost }) => {
    await written(storage, BOOK, { records: [creating('restrictions', restriction)] })
    const host = await beginHost()
    const keys = keysOf({ records: { restrictions: [restriction.code] }, accounts: [usd('a')] })
    const { kinds } = await joined(storage, host).transact(BOOK, () => load(keys))
    deepEqual(kinds.get('restrictions')?.get(restriction.code), restriction)
    await host.commit()
    deepEqual(await storage.reads.accounts(BOOK, { after: null, limit: 10 }), [])
  },

  'refuses what is no open transaction': async ({ storage, beginHost }) => {
    await failsWith(['invalid_input'], async () => joined(storage, { transaction: {} }))
    for (const end of ['commit', 'rollback'] as const) {
      const host = await beginHost()
      const inside = joined(storage, host)
      await inside.reads.books()
      await host[end]()
      await failsWith(['invalid_input'], () => inside.reads.books())
      await failsWith(['invalid_input'], () => inside.transact(BOOK, () => post([{ lines: transfer('a', 'b', 1n) }])))
    }
    deepEqual(await storage.reads.accounts(BOOK, { after: null, limit: 10 }), [])
  },
}
