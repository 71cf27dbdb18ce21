import { accountKey, type ChangeSet, type PostingPlace } from 'escrow-ledger'

const inOrder: PostingPlace = { lateAt: null, highAt: null }

/** Places the postings of new entries, in the order of entries and lines. */
export function placePostings(changes: Pick<ChangeSet, 'accounts' | 'entries'>): PostingPlace[] {
  const { accounts, entries } = changes
  if (nothingIsLate(changes)) {
    return new Array(entries.reduce((count, { postings }) => count + postings.length, 0)).fill(inOrder)
  }
  const latest = new Map<string, number | null>()
  for (const { key, before } of accounts) latest.set(key, before?.latestEffectiveAt ?? null)
  const places: PostingPlace[] = []
  for (const { effectiveAt, postings } of entries) {
    for (const { code, currency } of postings) {
      const key = accountKey(code, currency)
      const highAt = latest.get(key) ?? null
      const late = highAt !== null && effectiveAt < highAt
      places.push(late ? { lateAt: effectiveAt, highAt } : inOrder)
      if (!late) latest.set(key, effectiveAt)
    }
  }
  return places
}

/** Whether no entry is effective before another of the batch, or before any posting of any account that it changes. */
function nothingIsLate({ accounts, entries }: Pick<ChangeSet, 'accounts' | 'entries'>): boolean {
  let latest = 0
  for (const { before } of accounts) latest = Math.max(latest, before?.latestEffectiveAt ?? 0)
  for (const { effectiveAt } of entries) {
    if (effectiveAt < latest) return false
    latest = effectiveAt
  }
  return true
}
