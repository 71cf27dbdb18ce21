import type { AccountRef } from '../../accounts/account.js'
import { accountCodes } from '../../accounts/chart.js'
import { type Instruction, type InstructionKind, instructions } from '../../instructions/instruction.js'
import { type SuspenseItem, suspenseItems } from '../../payments/suspense.js'
import { pagesOf } from './record-pages.js'
import type { Verification } from './verification.js'

/**
 * What stays on an account in transit though its instructions have ended: an outcome is a fact, so when the account was
 * frozen or closed to it, the line that would have emptied it went to suspense.
 */
export async function divertedFromTransit(
  { reads, book, pageSize: limit }: Verification,
  { code, currency }: AccountRef,
  { kinds, gateway }: { kinds: readonly InstructionKind[]; gateway: string },
): Promise<bigint> {
  let sum = 0n
  const seen = new Set<string>()
  const query = { kind: 'suspense', where: { gateway, currency }, order: [], limit } as const
  const pages = pagesOf<SuspenseItem>({ reads, book }, query, suspenseItems.keyOf)
  for await (const item of pages) {
    if (item.instruction === null || item.amountMinor > 0n || seen.has(item.entry)) continue
    seen.add(item.entry)
    const [entry] = await reads.entries(book, [item.entry])
    if (!entry || entry.postings.some((posting) => posting.code === code)) continue
    const instruction = (await reads.record(book, 'instructions', item.instruction)) as Instruction | null
    const isOutcome = entry.kind !== 'payout_reversed' && entry.kind !== 'fee'
    if (instruction && kinds.includes(instruction.kind) && isOutcome) sum += instruction.amountMinor
  }
  return sum
}

/** What of a payer's failed refunds went to suspense, since the payer's account took nothing any more. */
export async function divertedFailures(
  { reads, book, pageSize: limit }: Verification,
  { party, currency }: { party: string; currency: string },
): Promise<bigint> {
  let sum = 0n
  const where = { kind: 'refund', party, currency, state: ['failed', 'cancelled'], replacedBy: null }
  const query = { kind: 'instructions', where, order: [], limit } as const
  for await (const { id, amountMinor } of pagesOf<Instruction>({ reads, book }, query, instructions.keyOf)) {
    const [entry] = await reads.entryPage(book, { after: null, limit: 1, instruction: id, kind: 'refund_failed' })
    const credited = entry?.postings.some((posting) => posting.code === accountCodes.payerRefunds(party))
    if (!credited) sum += amountMinor
  }
  return sum
}
