import { type EntryView, escapeSegment } from 'escrow-ledger'
import type { OracleCommand } from '../oracle/index.js'

type Fields = Readonly<Record<string, unknown>>

/** The ids that a ledger made up, in the order in which the oracle counts what they name. */
export interface Names {
  /** Ids of entries, by their place. */
  readonly entries: string[]
  /** Ids of refunds' instructions by escrow (nothing for those of none), by their place. */
  readonly refunds: Map<string | undefined, string[]>
  /** Ids of suspense items that came in with no payment, by the oracle's place of the item. */
  readonly suspense: Map<number, string>
}

export const createNames = (): Names => ({ entries: [], refunds: new Map(), suspense: new Map() })

/** Takes note of an entry that was posted. */
export function noteEntry({ entries, refunds }: Names, { id, kind, escrow, instruction }: EntryView): void {
  entries.push(id)
  if (kind !== 'refund_instructed' || instruction === null) return
  const ofEscrow = refunds.get(escrow ?? undefined) ?? []
  refunds.set(escrow ?? undefined, [...ofEscrow, instruction])
}

/** What stands for something that does not exist, where a ledger takes only ids of its own. */
const NO_ENTRY = '00000000-0000-7000-8000-ffffffffffff'

/** A command's input as a ledger takes it: with its own ids in place of the oracle's names. */
export function inputFor(names: Names, { command, input }: OracleCommand): unknown {
  if (Array.isArray(input)) return input
  const fields = input as Fields
  if (command === 'journal.reverse') return { ...fields, entry: names.entries[fields.entry as number] ?? NO_ENTRY }
  if (command === 'suspense.resolve') return { ...fields, id: suspenseId(names, fields.id) }
  if (command.startsWith('instructions.')) return { ...fields, id: instructionId(names, fields.id) }
  return input
}

/** The id of the suspense item that the oracle knows by this name. */
export function suspenseId(names: Names, name: unknown): unknown {
  if (typeof name !== 'object' || name === null) return name
  const { index, gateway, reference } = name as { index?: number; gateway?: string; reference?: string }
  if (index !== undefined) return names.suspense.get(index) ?? 'unknown'
  return `payment:${escapeSegment(gateway ?? '')}:${escapeSegment(reference ?? '')}`
}

/** The id of the instruction that the oracle knows by this name. */
export function instructionId(names: Names, name: unknown): unknown {
  if (typeof name !== 'object' || name === null) return name
  const { escrow, index } = name as { escrow?: string; index: number }
  return names.refunds.get(escrow)?.[index] ?? 'unknown'
}
