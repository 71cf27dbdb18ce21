import { type Account, find, load, persist, type Storage, type Work } from 'escrow-ledger'
import { deepEqual, equal } from './assertions.js'
import { BOOK, type Cases } from './case.js'
import { changesOf, keysOf, newId, post, posted, START, transfer, written } from './plain-journal.js'
import { changing, creating, restriction } from './sample-records.js'
import { foundKeys, keyRecord } from './whole-book.js'

const CALLERS = 32

function atOnce<Result>(count: number, call: (index: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => call(index)))
}

async function netOf(storage: Storage, code: string): Promise<bigint | null> {
  const account = await storage.reads.account(BOOK, { code, currency: 'USD' })
  return account && account.debitsPosted - account.creditsPosted
}

/** Posts under a key, unless the key is known: what the engine does. */
function* postOnce(key: string, amount: bigint): Work<'posted' | 'known'> {
  yield* load(keysOf({ accounts: [{ code: 'a', currency: 'USD' }] }))
  if ((yield* find([key])).size > 0) return 'known'
  const id = newId()
  yield* post([{ id, lines: transfer('a', 'b', amount) }], { keys: [keyRecord(key, { entry: id, result: null })] })
  return 'posted'
}

export const isolation: Cases = {
  'loses no posting of callers at one account': async ({ storage }) => {
    await posted(storage, { book: BOOK, entries: [{ lines: transfer('hot', 'other', 1n) }] })
    await atOnce(CALLERS, (index) => {
      return posted(storage, {
        book: BOOK,
        entries: [{ lines: transfer('hot', `payee-${index % 5}`, BigInt(index) + 1n) }],
      })
    })
    const hot = await storage.reads.account(BOOK, { code: 'hot', currency: 'USD' })
    const sum = BigInt((CALLERS * (CALLERS + 1)) / 2) + 1n
    deepEqual([hot?.version, hot?.creditsPosted], [CALLERS + 1, sum])
    const page = { after: 0, limit: 1000 }
    const postings = await storage.reads.postingsByVersion(BOOK, { code: 'hot', currency: 'USD' }, page)
    let balance = 0n
    for (const [index, { posting }] of postings.entries()) {
      balance += posting.amount
      deepEqual([posting.version, posting.balance], [index + 1, balance])
    }
    equal(balance, -sum)
  },

  'loses no change of callers at one record': async ({ storage }) => {
    await written(storage, BOOK, { records: [creating('restrictions', restriction)] })
    const { code, revision } = restriction
    await atOnce(CALLERS, () =>
      storage.transact(BOOK, function* (): Work<void> {
        const { kinds } = yield* load(keysOf({ records: { restrictions: [code] } }))
        const before = kinds.get('restrictions')?.get(code) as typeof restriction
        const change = changing('restrictions', before, { reason: `${before.revision + 1}` })
        equal(yield* persist(changesOf({ records: [change] }), null), 'persisted')
      }),
    )
    const after = await storage.reads.record(BOOK, 'restrictions', code)
    deepEqual(after, { ...restriction, revision: revision + CALLERS, reason: `${revision + CALLERS}` })
  },

  'opens an account once that callers race to open': async ({ storage }) => {
    await atOnce(CALLERS, () => posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'b', 1n) }] }))
    deepEqual([await netOf(storage, 'a'), await netOf(storage, 'b')], [-BigInt(CALLERS), BigInt(CALLERS)])
    equal((await storage.reads.accounts(BOOK, { after: null, limit: 10 })).length, 2)
  },

  'gives one effect to callers that race with one key': async ({ storage }) => {
    const answers = await atOnce(CALLERS, (index) => storage.transact(BOOK, () => postOnce('k', BigInt(index) + 1n)))
    equal(answers.filter((answer) => answer === 'posted').length, 1)
    const winner = BigInt(answers.indexOf('posted')) + 1n
    equal(await netOf(storage, 'b'), winner)
    const [key] = await foundKeys(storage, BOOK, ['k'])
    const [entry] = await storage.reads.entries(BOOK, [key?.entry ?? ''])
    equal(entry?.postings[0]?.amount, winner)
  },

  'lets callers cross each other': async ({ storage }) => {
    await atOnce(CALLERS, (index) => {
      const [from, to] = index % 2 === 0 ? ['a', 'b'] : ['b', 'a']
      return posted(storage, { book: BOOK, entries: [{ lines: transfer(from as string, to as string, 1n) }] })
    })
    deepEqual([await netOf(storage, 'a'), await netOf(storage, 'b')], [0n, 0n])
    equal((await storage.reads.entryPage(BOOK, { after: null, limit: 1000 })).length, CALLERS)
  },

  'shows readers whole units of work only': async ({ storage }) => {
    await posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'b', 1n) }] })
    const looks: Promise<void>[] = []
    const look = async () => {
      const [entry] = (await storage.reads.entryPage(BOOK, { after: null, limit: 1000 })).slice(-1)
      equal(entry?.postings.length, 2)
      const account = (await storage.reads.account(BOOK, { code: 'b', currency: 'USD' })) as Account
      equal(account.debitsPosted, BigInt(account.version))
      // Every unit of work but the first posts two entries.
      equal(account.version % 2, 1)
    }
    await atOnce(CALLERS, async () => {
      looks.push(look())
      await posted(storage, {
        book: BOOK,
        entries: [{ lines: transfer('a', 'b', 1n) }, { lines: transfer('a', 'b', 1n) }],
      })
      looks.push(look())
    })
    await Promise.all(looks)
    equal(await netOf(storage, 'b'), BigInt(2 * CALLERS + 1))
  },

  'holds between two that have the books open': async ({ storage, reopen }) => {
    const other = await reopen()
    await other.migrate()
    await atOnce(CALLERS, (index) => {
      const entries = [{ lines: transfer('a', 'b', 1n), recordedAt: START + index }]
      return posted(index % 2 === 0 ? storage : other, { book: BOOK, entries })
    })
    equal(await netOf(storage, 'b'), BigInt(CALLERS))
    equal(await netOf(other, 'b'), BigInt(CALLERS))
    const answers = await atOnce(CALLERS, (index) =>
      (index % 2 === 0 ? storage : other).transact(BOOK, () => postOnce('k', 1n)),
    )
    equal(answers.filter((answer) => answer === 'posted').length, 1)
    equal((await foundKeys(other, BOOK, ['k'])).length, 1)
    await other.close()
  },
}
