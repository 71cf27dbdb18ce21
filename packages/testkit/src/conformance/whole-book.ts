import { find, type KeyRecord, type Reads, recordKindNames, type Storage } from 'escrow-ledger'
import { inOrder } from './plain-journal.js'

const everything = { after: null, limit: 100_000 }

/** All that can be read of a book, to see whether something changed. */
export async function wholeBook(
  storage: Storage,
  { book, keys = [], escrows = [] }: { book: string; keys?: readonly string[]; escrows?: readonly string[] },
): Promise<unknown> {
  return {
    ...(await readBook(storage.reads, { book, escrows })),
    keys: await foundKeys(storage, book, keys),
  }
}

/** All of it that the read side shows. */
export async function readBook(
  reads: Reads,
  { book, escrows = [] }: { book: string; escrows?: readonly string[] },
): Promise<object> {
  const kinds = recordKindNames.map((kind) => reads.records(book, { kind, order: [], ...everything }))
  const stories = escrows.map((escrow) => reads.events(book, { escrow, after: 0, limit: 100_000 }))
  return {
    book: await reads.book(book),
    known: (await reads.books()).includes(book),
    accounts: await reads.accounts(book, everything),
    entries: await reads.entryPage(book, everything),
    postings: await reads.auditPostings(book, everything),
    days: await reads.auditDays(book, everything),
    records: await Promise.all(kinds),
    events: await Promise.all(stories),
  }
}

/** The key records of these keys, their fingerprints as plain bytes. */
export async function foundKeys(
  storage: Storage,
  book: string,
  keys: readonly string[],
): Promise<readonly KeyRecord[]> {
  const found = await storage.transact(book, () => find(inOrder(keys)))
  return [...found.values()].map((record) => ({ ...record, fingerprint: Uint8Array.from(record.fingerprint) }))
}

/** A fingerprint that has every pattern of bits that drivers are known to trip over. */
const oddBytes = Uint8Array.from([0, 1, 10, 13, 26, 34, 39, 92, 127, 128, 0xc3, 0x28, 0xed, 0xa0, 254, 255])

/** An idempotency key whose result is a text. */
export function keyRecord(key: string, given: Partial<KeyRecord> = {}): KeyRecord {
  return { key, fingerprint: oddBytes, entry: null, result: '{"result":null,"entries":[]}', ...given }
}
