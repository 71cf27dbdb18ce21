import type { Instruction } from '../instructions/instruction.js'
import { isUnsent } from '../payouts/batch-commands.js'
import type { RecordQuery } from '../storage/index.js'
import type { BookContext } from './context.js'

const PAGE = 1_000

/**
 * The payouts that are due with the first of them, of the same gateway and currency and never sent either, in the order in
 * which they fell due. Whatever is due is looked through: no index would find among it those that can go together.
 */
export async function duePayouts(
  { reads, book }: BookContext,
  first: Instruction,
  { now, most }: { readonly now: number; readonly most: number },
): Promise<readonly Instruction[]> {
  const due: Instruction[] = [first]
  const atMost = { field: 'nextAt', value: now }
  for (let after: RecordQuery['after'] = [first.nextAt, first.id]; due.length < most; ) {
    const query: RecordQuery = { kind: 'instructions', atMost, order: ['nextAt'], after, limit: PAGE }
    const page = (await reads.records(book, query)) as Instruction[]
    due.push(...page.filter((each) => goesWith(first, each)))
    const last = page.at(-1)
    if (!last || page.length < PAGE) break
    after = [last.nextAt, last.id]
  }
  return due.slice(0, most)
}

function goesWith({ gateway, currency }: Instruction, each: Instruction): boolean {
  const isAlike = each.kind === 'payout' && each.gateway === gateway && each.currency === currency
  return isAlike && isUnsent(each) && each.batch === null && each.firstSentAt === null
}
