import { compareText } from '../../accounts/text.js'
import { invariant } from '../../errors/index.js'
import type { RecordKind, Versioned } from '../../journal/records.js'
import type { Deviation } from './deviations.js'
import type { CheckedKind, Verification } from './verification.js'

/** How the records of one kind are judged. */
export interface RecordCheck<Record extends Versioned> {
  readonly kind: RecordKind<Record>
  readonly counted: CheckedKind
  /** What is wrong with each record of a page, in its order. Reads whatever else it needs, in bulk. */
  readonly judge: (verification: Verification, page: readonly Record[]) => Promise<readonly (readonly Deviation[])[]>
  /** What else must not have changed while a record was judged, as a text; its revision always counts. */
  readonly stamp?: (verification: Verification, record: Record) => Promise<string>
}

/** Judges all records of a kind, a page at a time. */
export async function walkRecords<Record extends Versioned>(
  verification: Verification,
  check: RecordCheck<Record>,
): Promise<void> {
  const { reads, book, pageSize: limit } = verification
  let last: string | null = null
  for (;;) {
    const query = { kind: check.kind.name, order: [], after: last === null ? null : [last], limit }
    const page = (await reads.records(book, query)) as unknown as readonly Record[]
    const end = page.at(-1)
    if (!end) return
    const key = check.kind.keyOf(end)
    invariant(last === null || compareText(key, last) > 0, `pages of ${check.kind.name} go on after their last record`)
    last = key
    const found = await check.judge(verification, page)
    for (const [index, record] of page.entries()) {
      if (found[index]?.length) await confirm(verification, check, record)
    }
    verification.count(check.counted, page.length)
    // A short page was the last one when it was read: a walk must not run after what is written meanwhile.
    if (page.length < limit) return
  }
}

/** A record that changes meanwhile is judged again, this often. */
const ATTEMPTS = 20

/**
 * Reports what is wrong with a record only when that was judged from one state of it. Writers go on while the record,
 * its entries and its accounts are read one after the other, so that they may be from different moments. Whatever
 * writes an entry of a record also raises the record's revision, in the same unit of work: when the revision is the
 * same before and after all reads, they fit together. Otherwise the record is judged again.
 */
async function confirm<Record extends Versioned>(
  verification: Verification,
  check: RecordCheck<Record>,
  record: Record,
): Promise<void> {
  const key = check.kind.keyOf(record)
  let before = await current(verification, check, key)
  for (let attempt = 0; attempt < ATTEMPTS && before; attempt++) {
    const [found = []] = await check.judge(verification, [before.record])
    if (found.length === 0) return
    const after = await current(verification, check, key)
    if (after?.stamp === before.stamp) return verification.report(found)
    before = after
  }
  verification.leaveOpen()
}

async function current<Record extends Versioned>(
  verification: Verification,
  { kind, stamp }: RecordCheck<Record>,
  key: string,
): Promise<{ record: Record; stamp: string } | null> {
  const record = (await verification.reads.record(verification.book, kind.name, key)) as unknown as Record | null
  if (!record) return null
  const more = stamp ? await stamp(verification, record) : ''
  return { record, stamp: `${record.revision} ${more}` }
}
