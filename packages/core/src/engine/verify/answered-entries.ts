import type { ClawbackKind } from '../../gateways/clawback.js'
import type { Entry, Posting } from '../../journal/entry.js'
import { type Clawback, clawbackEntryKinds, clawbackKey } from '../../payments/clawback.js'
import type { Fee } from '../../payments/fee.js'
import { type Movement, type MovementKind, movementKey } from '../../reconciliation/movement.js'
import { createJudge } from './deviations.js'
import { missingItems } from './suspended-lines.js'
import type { Verification } from './verification.js'

/**
 * Every entry of a fact is answered by the record that came with it, which keeps the fact from being posted twice. Records
 * are read after the page of entries, and none is ever deleted.
 */
export async function checkAnswered(verification: Verification, page: readonly Entry[]): Promise<void> {
  await checkFees(verification, page)
  for (const entry of page) {
    await checkMovement(verification, entry)
    await checkClawback(verification, entry)
  }
  for (const { entry, line } of await missingItems(verification, page)) {
    const account = { code: line.code, currency: line.currency }
    unanswered(verification, entry, `There is no item of what it put into ${line.code}.`, account)
  }
}

function unanswered(
  { report }: Verification,
  { id }: Entry,
  message: string,
  account?: Pick<Posting, 'code' | 'currency'>,
) {
  const judge = createJudge({ entry: id, account })
  judge.finds('record_missing', message)
  report(judge.found)
}

/** Fees are many, so those of a page are read in one go for each gateway; only what is not among them is looked for. */
async function checkFees(verification: Verification, page: readonly Entry[]): Promise<void> {
  const { reads, book, pageSize } = verification
  const charged = page.filter(({ kind }) => kind === 'fee')
  for (const gateway of new Set(charged.map((entry) => entry.gateway))) {
    const entries = charged.filter((entry) => entry.gateway === gateway)
    const query = { kind: 'fees', order: [], after: null } as const
    const reference = [...new Set(entries.map(subjectOf))]
    const limit = entries.length + pageSize
    const known = (await reads.records(book, { ...query, where: { gateway, reference }, limit })) as readonly Fee[]
    const named = new Set(known.map(({ entry }) => entry))
    for (const entry of entries) {
      if (named.has(entry.id)) continue
      const where = { gateway, reference: subjectOf(entry), entry: entry.id }
      const [fee] = await reads.records(book, { ...query, where, limit: 1 })
      if (!fee) unanswered(verification, entry, `There is no fee of ${gateway} for ${subjectOf(entry)} that names it.`)
    }
  }
}

function subjectOf({ payment, instruction }: Entry): string {
  return payment ?? instruction ?? ''
}

/** Whose record answers for an entry of a movement, and by which field. */
const movementOf: Readonly<Record<string, readonly [kind: MovementKind, field: 'entry' | 'lastEntry']>> = {
  settlement: ['settlement', 'entry'],
  settlement_failed: ['settlement', 'lastEntry'],
  credit_matched: ['settlement', 'lastEntry'],
  bank_credit: ['credit', 'entry'],
  top_up: ['top_up', 'entry'],
}

async function checkMovement(verification: Verification, entry: Entry): Promise<void> {
  const [kind, field] = movementOf[entry.kind] ?? []
  if (kind === undefined || field === undefined) return
  const { reads, book } = verification
  const key = movementKey(kind, entry.gateway ?? '', entry.reference ?? '')
  const movement = (await reads.record(book, 'movements', key)) as Movement | null
  if (movement?.[field] === entry.id) return
  unanswered(verification, entry, `There is no ${kind} ${entry.reference} of ${entry.gateway} that names it.`)
}

const clawbackOf: ReadonlyMap<string, ClawbackKind> = new Map(
  (['refund', 'dispute'] as const).flatMap((kind) => {
    const { taken, returned } = clawbackEntryKinds(kind)
    return [[taken, kind] as const, [returned, kind] as const]
  }),
)

/** What it has taken in all is compared where clawbacks are judged. */
async function checkClawback(verification: Verification, entry: Entry): Promise<void> {
  const kind = clawbackOf.get(entry.kind)
  if (kind === undefined) return
  const { reads, book } = verification
  const { gateway, reference, payment } = entry
  const key = clawbackKey({ kind, gateway: gateway ?? '', reference: reference ?? '' })
  const clawback = (await reads.record(book, 'clawbacks', key)) as Clawback | null
  if (clawback?.payment === payment) return
  unanswered(verification, entry, `There is no ${kind} ${reference} of ${gateway} that took from payment ${payment}.`)
}
