import { type Account, type AccountPage, type AccountRef, compareText, type Entry, type EntryPage } from 'escrow-ledger'

/** The first rows, in order, that come after a given one. */
export function pageOf<Cursor, Row extends Cursor>(
  rows: readonly Row[],
  page: { after: Cursor | null; limit: number; compare: (left: Cursor, right: Cursor) => number },
): readonly Row[] {
  const { after, limit, compare } = page
  return rows
    .filter((row) => after === null || compare(row, after) > 0)
    .sort(compare)
    .slice(0, limit)
}

export function byCodeAndCurrency(left: AccountRef, right: AccountRef): number {
  return compareText(left.code, right.code) || compareText(left.currency, right.currency)
}

type RecordedRef = Pick<Entry, 'recordedAt' | 'id'>

export function byRecordedAt(left: RecordedRef, right: RecordedRef): number {
  return left.recordedAt - right.recordedAt || compareText(left.id, right.id)
}

export function matchesAccountPage(account: Account, page: Omit<AccountPage, 'after' | 'limit'>): boolean {
  const { prefix = '', suffix = '', currency = account.currency, type = account.type } = page
  return (
    account.code.startsWith(prefix) &&
    account.code.endsWith(suffix) &&
    account.currency === currency &&
    account.type === type
  )
}

/** Whether an entry passes every filter that is given. An account and a currency are those of one posting. */
export function matchesEntryPage(entry: Entry, page: Omit<EntryPage, 'after' | 'limit'>): boolean {
  const { account, currency, payment, metadata } = page
  const { effectiveFrom = -Infinity, effectiveThrough = Infinity } = page
  const { recordedFrom = -Infinity, recordedThrough = Infinity } = page
  const touches = entry.postings.some(
    (posting) =>
      (account === undefined || posting.code === account) && (currency === undefined || posting.currency === currency),
  )
  return (
    touches &&
    (page.kind === undefined || entry.kind === page.kind) &&
    (page.escrow === undefined || entry.escrow === page.escrow) &&
    (page.instruction === undefined || entry.instruction === page.instruction) &&
    (page.reference === undefined || entry.reference === page.reference) &&
    (payment === undefined || (entry.gateway === payment.gateway && entry.payment === payment.reference)) &&
    (metadata === undefined || hasMetadata(entry, metadata)) &&
    entry.effectiveAt >= effectiveFrom &&
    entry.effectiveAt <= effectiveThrough &&
    entry.recordedAt >= recordedFrom &&
    entry.recordedAt <= recordedThrough
  )
}

function hasMetadata({ metadata }: Entry, { name, value }: { name: string; value?: string | undefined }): boolean {
  return Object.hasOwn(metadata, name) && (value === undefined || metadata[name] === value)
}
