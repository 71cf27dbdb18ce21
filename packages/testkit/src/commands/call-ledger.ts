import { type BookLedger, type CallOptions, type EntryView, LedgerError, type Money } from 'escrow-ledger'
import type { OracleCommandName } from '../oracle/index.js'

/** What a ledger answered to one command, in one form for all of them. */
export type Called =
  | {
      readonly ok: true
      /** Undefined where a command does not say so. */
      readonly replayed: boolean | undefined
      readonly entries: readonly EntryView[]
      /** Only funding by a payment: what did not fit, in minor units. */
      readonly excess?: bigint | undefined
      /** Everything that was answered, to compare one ledger with another. */
      readonly answer: unknown
    }
  | { readonly ok: false; readonly code: string; readonly message: string }

interface Answered {
  readonly replayed?: boolean
  readonly entries?: readonly EntryView[]
  readonly entry?: EntryView
  readonly excess?: { readonly amount: Money } | null
}

/** Hands a command to the facade that takes it. */
export async function callLedger(
  ledger: BookLedger,
  command: OracleCommandName,
  call: { readonly input: unknown; readonly options: CallOptions },
): Promise<Called> {
  const [noun, verb] = command.split('.') as [keyof BookLedger, string]
  const facade = ledger[noun] as unknown as Record<string, (input: unknown, options: CallOptions) => Promise<unknown>>
  try {
    const answer = await facade[verb]?.(call.input, call.options)
    const { replayed, entries, entry, excess } = (answer ?? {}) as Answered
    const posted = entries ?? (entry ? [entry] : [])
    return { ok: true, replayed, entries: posted, excess: excess?.amount.minor, answer }
  } catch (error) {
    if (error instanceof LedgerError) return { ok: false, code: error.code, message: error.message }
    throw error
  }
}
