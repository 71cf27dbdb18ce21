import { compareText } from 'escrow-ledger'
import { describe, expect, it } from 'vitest'
import { bytesOfId, idOfBytes } from '../src/ids.js'
import { createJournal, nothing } from './fixtures/journal.js'
import { migratedStorage, openDatabase, temporaryFile } from './fixtures/open.js'
import { loadFrom, write } from './fixtures/work.js'

const LARGEST = 2n ** 63n - 1n

describe('amounts', () => {
  it.each([1n, 2n ** 53n + 1n, LARGEST - 1n, LARGEST])(
    'of %i come back exact, whatever the host likes',
    async (amount) => {
      for (const safe of [true, false]) {
        const database = openDatabase(':memory:')
        database.defaultSafeIntegers(safe)
        const storage = await migratedStorage({ database })
        const journal = createJournal()
        const entry = journal.post({
          lines: [
            { code: 'a', amount },
            { code: 'b', amount: -amount },
          ],
        })
        await write(storage, journal.changes())
        const refs = ['a', 'b'].map((code) => ({ code, currency: 'USD' }))
        const loaded = await loadFrom(storage, { accounts: refs, entries: [entry.id] })
        expect(loaded.entries.get(entry.id)).toEqual(entry)
        expect(loaded.accounts).toEqual(journal.accounts)
        await expect(storage.reads.auditPostings('main', { after: null, limit: 9 })).resolves.toMatchObject([
          { code: 'a', amount, balance: amount },
          { code: 'b', amount: -amount, balance: -amount },
        ])
      }
    },
  )

  it('past 64 bits are refused', async () => {
    const storage = await migratedStorage({ filename: ':memory:' })
    const journal = createJournal()
    journal.open('a', { creditsPosted: LARGEST + 1n })
    await expect(write(storage, journal.changes())).rejects.toThrow(RangeError)
  })
})

describe('texts', () => {
  const odd = [
    '😀',
    '\uff5e',
    "it's",
    'say "hi"',
    '`',
    '%',
    '_',
    'ß',
    'é',
    'e\u0301',
    '\u{10ffff}',
    ' ',
    ';--',
    '?',
    '$1',
    'NULL',
  ]

  it('are kept apart, unchanged, in the order of their bytes', async () => {
    const filename = temporaryFile()
    const storage = await migratedStorage({ filename })
    const journal = createJournal()
    for (const code of odd) journal.open(code)
    await write(storage, journal.changes())
    const codes = (await storage.reads.accounts('main', { after: null, limit: 99 })).map(({ code }) => code)
    expect(codes).toEqual([...odd].sort(compareText))
    expect(compareText('\uff5e', '😀')).toBe(-1)
    for (const prefix of odd) {
      const found = await storage.reads.accounts('main', { after: null, limit: 99, prefix })
      expect(found.map(({ code }) => code)).toEqual(codes.filter((code) => code.startsWith(prefix)))
    }
  })

  it('name books', async () => {
    const storage = await migratedStorage({ filename: ':memory:' })
    for (const name of odd) {
      const book = { name, timeZone: 'UTC', closedThrough: null, hasEntries: false, revision: 1 }
      await write(storage, { ...nothing, book }, name)
    }
    await expect(storage.reads.books()).resolves.toEqual([...odd].sort(compareText))
  })

  it('name metadata, quotes, dots and backslashes too', async () => {
    const storage = await migratedStorage({ filename: ':memory:' })
    const journal = createJournal()
    const names = [...odd, 'a.b', 'a"b.c', '$.a', '[0]', '\\', '\\u0041', 'A', 'a', '__proto__', '#-1', '"', '""']
    const lines = [
      { code: 'a', amount: 1n },
      { code: 'b', amount: -1n },
    ]
    for (const name of names) journal.post({ lines, metadata: Object.fromEntries([[name, `of ${name}`]]) })
    await write(storage, journal.changes())
    for (const name of names) {
      for (const value of [undefined, `of ${name}`]) {
        const found = await storage.reads.entryPage('main', { after: null, limit: 99, metadata: { name, value } })
        expect(found.map(({ metadata }) => Object.entries(metadata))).toEqual([[[name, `of ${name}`]]])
      }
      const metadata = { name, value: 'other' }
      await expect(storage.reads.entryPage('main', { after: null, limit: 9, metadata })).resolves.toEqual([])
    }
  })
})

describe('ids', () => {
  const id = '0199d2c0-1a2b-7c3d-8e4f-0123456789ab'

  it('are kept in 16 bytes', () => {
    const bytes = bytesOfId(id)
    expect(bytes?.toString('hex')).toBe('0199d2c01a2b7c3d8e4f0123456789ab')
    expect(bytes && idOfBytes(bytes)).toBe(id)
  })

  it.each([
    '',
    'entry-1',
    id.toUpperCase(),
    id.slice(1),
    `${id}0`,
    id.replaceAll('-', ''),
    id.replace('-', '0'),
    id.replace('b', 'g'),
    id.replace('a', 'ä'),
    id.replace('-', 'ー'),
    `{${id.slice(2)}}`,
  ])('are no other texts: %s', async (text) => {
    expect(bytesOfId(text)).toBeNull()
    const storage = await migratedStorage({ filename: ':memory:' })
    const loaded = await loadFrom(storage, { entries: [text] })
    expect(loaded.entries).toEqual(new Map([[text, null]]))
    await expect(storage.reads.entries('main', [text])).resolves.toEqual([])
  })
})
