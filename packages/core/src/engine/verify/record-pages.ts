import type { RecordQuery } from '../../storage/index.js'
import type { Verification } from './verification.js'

/** All records that a query finds, in the order of their keys, a page at a time. */
export async function* pagesOf<Record>(
  { reads, book }: Pick<Verification, 'reads' | 'book'>,
  query: Omit<RecordQuery, 'after'>,
  keyOf: (record: Record) => string,
): AsyncGenerator<Record> {
  let after: readonly string[] | null = null
  for (;;) {
    const page = (await reads.records(book, { ...query, after })) as unknown as readonly Record[]
    yield* page
    const last = page.at(-1)
    if (!last) return
    after = [keyOf(last)]
  }
}
