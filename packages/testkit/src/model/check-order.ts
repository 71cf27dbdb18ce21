import { accountKey, type ChangeSet, compareText, invariant, type LoadKeys, recordKindNames } from 'escrow-ledger'

/**
 * The contract of the port asks for one order over everything that is locked or written. A storage that locks depends
 * on it to be free of deadlocks; this one asserts it, so that a violation shows before such a storage meets it.
 */
export function checkLoadOrder(keys: LoadKeys): void {
  const kinds = [...keys.records.keys()]
  invariant(inOrder(kinds.map(kindPlace)), 'kinds of records are loaded in the order in which they are locked')
  for (const [kind, list] of keys.records) invariant(inByteOrder(list), `${kind} are loaded once each, in byte order`)
  const accounts = keys.accounts.map(({ code, currency }) => accountKey(code, currency))
  invariant(inByteOrder(accounts), 'accounts are loaded once each, in byte order')
  invariant(inByteOrder(keys.codes), 'codes are loaded once each, in byte order')
  invariant(inByteOrder(keys.entries), 'entries are loaded once each, in byte order')
}

export function checkFindOrder(idempotencyKeys: readonly string[]): void {
  invariant(inByteOrder(idempotencyKeys), 'idempotency keys are looked up once each, in byte order')
}

export function checkChangeOrder({ accounts, records, keys }: ChangeSet): void {
  invariant(inByteOrder(accounts.map(({ key }) => key)), 'accounts are written once each, in byte order')
  for (const kind of recordKindNames) {
    const written = records.filter((change) => change.kind === kind).map(({ key }) => key)
    invariant(inByteOrder(written), `${kind} are written once each, in byte order`)
  }
  invariant(inByteOrder(keys.map(({ key }) => key)), 'idempotency keys are written once each, in byte order')
}

function kindPlace(kind: (typeof recordKindNames)[number]): number {
  return recordKindNames.indexOf(kind)
}

function inOrder(places: readonly number[]): boolean {
  return places.every((place, index) => index === 0 || (places[index - 1] ?? 0) < place)
}

function inByteOrder(texts: readonly string[]): boolean {
  return texts.every((text, index) => index === 0 || compareText(texts[index - 1] ?? '', text) < 0)
}
