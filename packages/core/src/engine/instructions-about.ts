import type { Subject } from '../gateways/subject.js'
import type { Instruction, InstructionKind } from '../instructions/instruction.js'
import type { FieldValue } from '../storage/index.js'
import type { BookContext } from './context.js'

const kindsBehind: Readonly<Record<string, readonly InstructionKind[]>> = {
  order: ['order'],
  refund: ['refund'],
  // A refund by bank transfer is a payout to the gateway.
  payout: ['payout', 'refund'],
  transfer: ['transfer', 'release'],
  reversal: ['reversal'],
}

/** By what the gateway calls it, or by the key that we gave it; a release goes on from the transfer that is named. */
export async function instructionsAbout(
  { reads, book }: BookContext,
  { gateway, subject }: { readonly gateway: string; readonly subject: Subject },
): Promise<readonly Instruction[]> {
  const kinds = kindsBehind[subject.kind] ?? []
  const find = async (where: { readonly [field: string]: FieldValue }) =>
    (await reads.records(book, {
      kind: 'instructions',
      where: { gateway, ...where },
      order: [],
      after: null,
      limit: 10,
    })) as Instruction[]
  const byReference = await find({ gatewayReference: subject.reference })
  const byKey = subject.key === null ? [] : await find({ gatewayKey: subject.key })
  // All payouts of a batch are called as it is, until more is known of each: the key tells which.
  if (subject.kind === 'payout' && byKey.length > 0) return byKey.filter((each) => kinds.includes(each.kind))
  const byBatch = subject.kind === 'payout' && subject.key !== null ? await find({ batch: subject.key }) : []
  const named = new Map([...byReference, ...byKey, ...byBatch].map((each) => [each.id, each]))
  for (const each of [...named.values()]) {
    if (each.kind !== 'transfer') continue
    for (const further of await find({ about: each.id })) named.set(further.id, further)
  }
  return [...named.values()].filter((each) => kinds.includes(each.kind))
}
