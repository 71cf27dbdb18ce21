import type { Instruction } from '../instructions/instruction.js'
import type { RecordQuery } from '../storage/index.js'
import type { BookContext } from './context.js'

const PAGE = 1_000

/** The payouts of a gateway and currency that are due and were never sent, in the order in which they fell due. */
export async function duePayouts(
  { reads, book }: BookContext,
  { gateway, currency }: Pick<Instruction, 'gateway' | 'currency'>,
  { now, most }: { readonly now: number; readonly most: number },
): Promise<readonly Instruction[]> {
  const due: Instruction[] = []
  const where = { kind: 'payout', gateway, currency, state: ['recorded', 'waiting'], batch: null, firstSentAt: null }
  const atMost = { field: 'nextAt', value: now }
  for (let after: RecordQuery['after'] = null; ; ) {
    const limit = Math.min(PAGE, most - due.length)
    const query: RecordQuery = { kind: 'instructions', where, atMost, order: ['nextAt'], after, limit }
    const page = (await reads.records(book, query)) as Instruction[]
    due.push(...page)
    const last = page.at(-1)
    if (!last || page.length < limit || due.length >= most) return due
    after = [last.nextAt, last.id]
  }
}
