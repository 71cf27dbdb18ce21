import { accountCodes } from '../../accounts/chart.js'
import type { Instruction } from '../../instructions/instruction.js'
import type { Entry } from '../../journal/entry.js'
import type { Judge } from './deviations.js'

/** What an entry names, its instruction does: where the money goes next is read from the instruction. */
export function judgeLinks(instruction: Instruction, entry: Entry, judge: Judge): void {
  for (const field of ['gateway', 'party', 'escrow', 'payment'] as const) {
    if (entry[field] === instruction[field]) continue
    const differ = { expected: entry[field] ?? 'none', actual: instruction[field] ?? 'none' }
    judge.finds('instruction_links_differ', `Its entry names another ${field}.`, { entry: entry.id, ...differ })
  }
  judgeSource(instruction, entry, judge)
}

/** What was done left the account that the instruction names, or came back to it; or suspense where that took nothing. */
function judgeSource({ kind, gateway, source, currency }: Instruction, entry: Entry, judge: Judge): void {
  const sign = signAtSource(kind, entry.kind)
  if (sign === 0n) return
  const places = [source, accountCodes.suspense(gateway)]
  const lines = entry.postings.filter((line) => line.currency === currency && line.amount * sign > 0n)
  if (lines.some(({ code }) => places.includes(code))) return
  judge.finds('instruction_links_differ', `Its entry does not move ${source}.`, {
    entry: entry.id,
    expected: lines.map(({ code }) => code).join(', '),
    actual: source,
  })
}

/** 1 where an entry debits the source, -1 where it credits it, 0 where it does not move it, or need not. */
function signAtSource(kind: Instruction['kind'], entry: string): bigint {
  if (entry === `${kind}_reversed`) return 1n
  return entry === `${kind}_processed` && kind !== 'reversal' ? -1n : 0n
}
