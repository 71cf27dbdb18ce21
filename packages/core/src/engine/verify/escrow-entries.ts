import { accountCodes } from '../../accounts/chart.js'
import { compareText } from '../../accounts/text.js'
import type { Escrow } from '../../escrow/escrow.js'
import type { Entry } from '../../journal/entry.js'
import type { AuditPosting } from '../../storage/index.js'
import { createCursor } from './cursor.js'
import type { Verification } from './verification.js'

/** The entries that moved the accounts of each escrow of a page, by the escrow's id. */
export async function entriesOfEscrows(
  verification: Verification,
  page: readonly Escrow[],
): Promise<ReadonlyMap<string, readonly Entry[]>> {
  const ids = new Map(page.map(({ id }) => [id, new Set<string>()]))
  const note = (escrow: string, { entry }: AuditPosting) => {
    if (entry !== '') ids.get(escrow)?.add(entry)
  }
  for (const currency of new Set(page.map((escrow) => escrow.currency))) {
    const ofCurrency = page.filter((escrow) => escrow.currency === currency)
    for (const range of rangesOf(ofCurrency)) await walkHeld(verification, { range, currency, note })
  }
  // The frozen account is looked at only where there ever was a dispute, or should have been.
  for (const { id, currency, frozenMinor, disputes } of page) {
    if (frozenMinor === 0n && disputes.length === 0) continue
    const range = new Map([[accountCodes.frozen(id), id]])
    await walkHeld(verification, { range, currency, note })
  }
  const found = await verification.reads.entries(verification.book, [...new Set([...ids.values()].flatMap(listOf))])
  const entries = new Map(found.map((entry) => [entry.id, entry]))
  return new Map([...ids].map(([id, own]) => [id, listOf(own).flatMap((entry) => entries.get(entry) ?? [])]))
}

function listOf(ids: ReadonlySet<string>): string[] {
  return [...ids]
}

/** Escrows by the codes of their accounts, in the order of the codes. */
type Range = ReadonlyMap<string, string>

/**
 * The accounts of a page of escrows lie next to each other, in the same order, so that one walk over their postings
 * finds them all; but for ids with a colon or a percent sign, which codes escape. Where the order turns back, another
 * walk begins.
 */
function rangesOf(page: readonly Escrow[]): Range[] {
  const ranges: Map<string, string>[] = []
  let last: string | null = null
  for (const { id } of page) {
    const code = accountCodes.held(id)
    if (last === null || compareText(code, last) < 0) ranges.push(new Map())
    ranges.at(-1)?.set(code, id)
    last = code
  }
  return ranges
}

async function walkHeld(
  { reads, book, pageSize }: Verification,
  { range, currency, note }: { range: Range; currency: string; note: (escrow: string, posting: AuditPosting) => void },
): Promise<void> {
  const [first = '', last = first] = [[...range.keys()][0], [...range.keys()].at(-1)]
  // One escrow has few entries; a page of them seldom has more than a page of postings each.
  const limit = range.size === 1 ? Math.min(pageSize, FEW) : pageSize
  const cursor = createCursor<AuditPosting>((after) =>
    reads.auditPostings(book, { after: after ?? { code: first, currency, version: 0 }, limit }),
  )
  const within = (posting: AuditPosting) => posting.currency === currency && compareText(posting.code, last) <= 0
  await cursor.takeWhile(within, (posting) => {
    const escrow = range.get(posting.code)
    if (escrow !== undefined) note(escrow, posting)
  })
}

const FEW = 8
