import { format, fromMinor, type WireMoney } from 'escrow-ledger'
import type { Oracle, OracleCommand, OracleEntry, OracleEscrow, OracleResult } from '../oracle/index.js'

/** Money that was said to arrive. */
interface KnownPayment {
  readonly escrow: string
  readonly gateway: string
  readonly reference: string
  readonly amount: WireMoney
}

/** How a refund's instruction is named: its place among those of its escrow, or of none. */
interface RefundName {
  readonly escrow?: string | undefined
  readonly index: number
}

/** Where a rehearsal stands: what the oracle knows, and what was said to it. */
export interface Scene {
  readonly oracle: Oracle
  readonly clock: { now: number }
  /** Escrows that were opened. */
  readonly escrows: readonly string[]
  readonly payments: readonly KnownPayment[]
  readonly payouts: readonly string[]
  readonly refunds: readonly RefundName[]
  /** What was asked so far, refused or not. */
  readonly asked: readonly OracleCommand[]
  /** Idempotency keys that are known. */
  readonly keys: readonly string[]
  /** The last day that was closed. */
  readonly closedThrough: string | null
  /** Takes note of what a command came to. */
  note(command: OracleCommand, result: OracleResult): void
}

export function createScene(oracle: Oracle, clock: { now: number }): Scene {
  const escrows: string[] = []
  const payments: KnownPayment[] = []
  const payouts: string[] = []
  const refunds: RefundName[] = []
  const asked: OracleCommand[] = []
  const keys: string[] = []
  let closedThrough: string | null = null

  function noteRefunds(entries: readonly OracleEntry[]): void {
    for (const { kind, escrow } of entries) {
      if (kind !== 'refund_instructed') continue
      refunds.push({ escrow, index: refunds.filter((refund) => refund.escrow === escrow).length })
    }
  }

  return {
    oracle,
    clock,
    escrows,
    payments,
    payouts,
    refunds,
    asked,
    keys,
    get closedThrough() {
      return closedThrough
    },
    note(command, result) {
      asked.push(command)
      if (!result.ok || result.replayed) return
      if (command.idempotencyKey !== undefined) keys.push(command.idempotencyKey)
      noteRefunds(result.entries)
      const input = command.input as Readonly<Record<string, unknown>>
      if (command.command === 'escrows.open') escrows.push(input.id as string)
      if (command.command === 'payouts.request') payouts.push(`payout:${input.id}`)
      payouts.push(...(result.payouts?.requested ?? []).map((id) => `payout:${id}`))
      if (command.command === 'books.close') closedThrough = input.through as string
      if (command.command === 'escrows.fund' && input.gateway !== undefined) {
        const { id, gateway, reference, amount } = input as unknown as Omit<KnownPayment, 'escrow'> & { id: string }
        payments.push({ escrow: id, gateway, reference, amount })
      }
    },
  }
}

/** When an escrow's last entry was effective, if it has one. */
export function lastEntryOf({ oracle }: Scene, escrow: string): number | undefined {
  return oracle.entries().findLast((entry) => entry.escrow === escrow)?.effectiveAt
}

/** The oracle's view of an escrow, or undefined where there is none. */
export function viewOf({ oracle, escrows }: Scene, id: string): OracleEscrow | undefined {
  return escrows.includes(id) ? oracle.escrow(id) : undefined
}

/** An amount as hosts write it. */
export const written = (minor: bigint, currency: string): WireMoney => {
  const money = fromMinor(minor, currency)
  return { amount: format(money), currency }
}

/** The balance of an account in its own direction, in minor units. */
export const balanceOf = ({ oracle }: Scene, code: string, currency: string): bigint =>
  oracle.balances().get(`${currency}:${code}`) ?? 0n
