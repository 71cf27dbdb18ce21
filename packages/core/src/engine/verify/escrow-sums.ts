import { accountCodes } from '../../accounts/chart.js'
import type { Escrow, Funding } from '../../escrow/escrow.js'
import type { Entry } from '../../journal/entry.js'
import { paymentKey } from '../../payments/payment.js'

/** What the entries that moved an escrow's two accounts come to, by kind. */
export interface EscrowSums {
  /** What the accounts hold. */
  heldMinor: bigint
  frozenMinor: bigint
  fundedMinor: bigint
  releasedMinor: bigint
  /** Given back by refunds, those made at the gateway too, cancellations and resolved disputes. */
  refundedMinor: bigint
  disputedMinor: bigint
  /** What resolved disputes took out of the frozen account, and what of it went to the payer. */
  resolvedMinor: bigint
  resolvedForPayerMinor: bigint
  /** What arrived, by where it came from (`sourceOf`). */
  readonly fundings: Map<string, bigint>
  /** What other accounts were credited when money went out. */
  readonly credits: Map<string, bigint>
  /** What each release took out of what was held, by its number. */
  readonly releases: Map<number, bigint>
  lastAt: number | null
  /** When funding reached the whole amount, and when money went back by a cancellation and a resolution, the last of them. */
  fundedAt: number | null
  cancelledAt: number | null
  resolvedAt: number | null
}

/** One text for where a funding came from: a payment, or the account that credit was taken from. */
export function sourceOf({ gateway, reference, from }: Pick<Funding, 'gateway' | 'reference' | 'from'>): string {
  return gateway !== null && reference !== null ? `payment ${paymentKey(gateway, reference)}` : `credit ${from}`
}

export function sumEntries(escrow: Escrow, entries: readonly Entry[]): EscrowSums {
  const sums: EscrowSums = {
    heldMinor: 0n,
    frozenMinor: 0n,
    fundedMinor: 0n,
    releasedMinor: 0n,
    refundedMinor: 0n,
    disputedMinor: 0n,
    resolvedMinor: 0n,
    resolvedForPayerMinor: 0n,
    fundings: new Map(),
    credits: new Map(),
    releases: new Map(),
    lastAt: null,
    fundedAt: null,
    cancelledAt: null,
    resolvedAt: null,
  }
  for (const entry of entries) addEntry(sums, escrow, entry)
  return sums
}

function addEntry(sums: EscrowSums, escrow: Escrow, entry: Entry): void {
  const moved = movedBy(escrow, entry)
  sums.heldMinor += moved.held
  sums.frozenMinor += moved.frozen
  if (sums.lastAt === null || entry.effectiveAt > sums.lastAt) sums.lastAt = entry.effectiveAt
  switch (entry.kind) {
    case 'funding':
    case 'suspense_allocated': {
      const source = sourceOf({ gateway: entry.gateway, reference: entry.payment, from: moved.others[0]?.code ?? null })
      sums.fundedMinor += moved.held
      add(sums.fundings, source, moved.held)
      if (sums.fundedMinor >= escrow.amountMinor) sums.fundedAt ??= entry.effectiveAt
      return
    }
    case 'dispute':
      sums.disputedMinor += moved.frozen
      return
    case 'release':
      sums.releasedMinor -= moved.held
      if (entry.release !== null) add(sums.releases, entry.release, -moved.held)
      break
    case 'cancellation':
      sums.cancelledAt = entry.effectiveAt
      sums.refundedMinor -= moved.held
      break
    case 'refund':
      sums.refundedMinor -= moved.held
      break
    // The payer has it already, and it counts as what went back to the payer.
    case 'gateway_refund':
      sums.refundedMinor -= moved.held
      add(sums.credits, accountCodes.payerRefunds(escrow.payer), -moved.held)
      return
    case 'resolution':
      sums.resolvedAt = Math.max(sums.resolvedAt ?? entry.effectiveAt, entry.effectiveAt)
      sums.refundedMinor -= moved.held + moved.frozen
      sums.resolvedMinor -= moved.frozen
      sums.resolvedForPayerMinor -= moved.held + moved.frozen
      break
  }
  for (const { code, amount } of moved.others) add(sums.credits, code, -amount)
}

/** What an entry put into the escrow's accounts, and its other postings. */
function movedBy({ id, currency }: Escrow, { postings }: Entry) {
  const heldCode = accountCodes.held(id)
  const frozenCode = accountCodes.frozen(id)
  let held = 0n
  let frozen = 0n
  const others: Entry['postings'][number][] = []
  for (const posting of postings) {
    if (posting.currency !== currency) continue
    if (posting.code === heldCode) held -= posting.amount
    else if (posting.code === frozenCode) frozen -= posting.amount
    else others.push(posting)
  }
  return { held, frozen, others }
}

function add<Key>(sums: Map<Key, bigint>, key: Key, amount: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + amount)
}
