import { compareText } from '../../accounts/text.js'
import { invariant } from '../../errors/index.js'
import type { RecordKind, Versioned } from '../../journal/records.js'
import type { AuditRecord } from '../../storage/index.js'
import { createJudge, type Deviation } from './deviations.js'
import { problemWith } from './unreadable.js'
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

/** Judges all records of a kind, a page at a time, in the order of the keys that they stand under. */
export async function walkRecords<Record extends Versioned>(
  verification: Verification,
  check: RecordCheck<Record>,
): Promise<void> {
  const { reads, book, pageSize: limit } = verification
  const { name: kind } = check.kind
  let last: string | null = null
  for (;;) {
    const page: readonly AuditRecord[] = await reads.auditRecords(book, { kind, after: last, limit })
    const end = page.at(-1)
    if (!end) return
    invariant(last === null || compareText(end.key, last) > 0, `pages of ${kind} go on after their last record`)
    last = end.key
    const standing = page.flatMap((row) => whatStands(verification, check, row))
    for (const key of await suspectsAmong(verification, check, standing)) await confirm(verification, check, key)
    verification.count(check.counted, page.length)
    // A short page was the last one when it was read: a walk must not run after what is written meanwhile.
    if (page.length < limit) return
  }
}

interface Standing<Record> {
  readonly key: string
  readonly record: Record
}

/** The record that stands under a key, if it can be read. Nothing that is written meanwhile changes either. */
function whatStands<Record extends Versioned>(
  { report }: Verification,
  { kind }: RecordCheck<Record>,
  { key, record: read, problem }: AuditRecord,
): readonly Standing<Record>[] {
  const judge = createJudge({ record: { kind: kind.name, key } })
  const record = read as unknown as Record | null
  if (record === null) judge.finds('record_unreadable', `It cannot be read: ${problem}`)
  else if (kind.keyOf(record) !== key) {
    const differ = { expected: kind.keyOf(record), actual: key }
    judge.finds('record_key_differs', 'It stands under another key than its fields make.', differ)
  }
  report(judge.found)
  return record === null ? [] : [{ key, record }]
}

/** The keys of records that seem to be wrong; of all of them, where one cannot even be judged. */
async function suspectsAmong<Record extends Versioned>(
  verification: Verification,
  check: RecordCheck<Record>,
  standing: readonly Standing<Record>[],
): Promise<readonly string[]> {
  if (standing.length === 0) return []
  const keys = standing.map(({ key }) => key)
  try {
    const found = await check.judge(
      verification,
      standing.map(({ record }) => record),
    )
    return keys.filter((_, index) => found[index]?.length)
  } catch (error) {
    problemWith(error)
    return keys
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
  key: string,
): Promise<void> {
  try {
    let before = await current(verification, check, key)
    for (let attempt = 0; attempt < ATTEMPTS && before; attempt++) {
      const [found = []] = await check.judge(verification, [before.record])
      if (found.length === 0) return
      const after = await current(verification, check, key)
      if (after?.stamp === before.stamp) return verification.report(found)
      before = after
    }
    verification.leaveOpen()
  } catch (error) {
    const judge = createJudge({ record: { kind: check.kind.name, key } })
    judge.finds('record_unreadable', `It, or what it is compared with, cannot be read: ${problemWith(error)}`)
    verification.report(judge.found)
  }
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
