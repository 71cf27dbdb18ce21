import { createHash } from 'node:crypto'
import type { InstructionView, Ledger } from 'escrow-ledger'
import { gateway, reasonOf } from './process-sessions.js'

/** Confirmations under way at once. */
const AT_ONCE = 250

/** What did not leave, and why. */
export interface LeftUnpaid {
  /** A payee or payer. */
  readonly party: string
  readonly reason: string
}

/**
 * Requests a payout of all that is payable, sends these payouts and the refunds of the settlement run on their way, and
 * confirms them as somebody would who sees them on the bank's statement.
 */
export async function payOut(
  ledger: Ledger,
  { onProgress }: { onProgress: (confirmed: number) => void },
): Promise<LeftUnpaid[]> {
  const { left } = await ledger.payouts.run({ gateway })
  // The manual gateway accepts whatever it is sent: people will carry it out.
  await ledger.instructions.dispatch({ concurrency: 100 })

  const unpaid: LeftUnpaid[] = left.map(({ payee, reason }) => ({ party: payee, reason }))
  let confirmed = 0
  let after: string | undefined
  do {
    // A cursor names the last item of a page, so it stays right while items leave the list by being confirmed.
    const accepted = ledger.instructions.list({ gateway, state: 'accepted' })
    const page = await accepted.page({ limit: AT_ONCE, after })
    const reasons = await Promise.all(page.items.map((instruction) => confirm(ledger, instruction)))
    const refused = reasons.filter((reason) => reason !== null)
    unpaid.push(...refused)
    confirmed += page.items.length - refused.length
    onProgress(confirmed)
    after = page.next ?? undefined
  } while (after !== undefined)
  return unpaid
}

/** Null when it was confirmed. */
async function confirm(ledger: Ledger, { id, kind, payment, party }: InstructionView): Promise<LeftUnpaid | null> {
  // A refund is known by the payment that it goes back to, so that every run of the demo gives it the same reference.
  const reference = bankReference(`${kind}:${payment ?? id}`)
  try {
    await ledger.instructions.confirm({ id, reference }, { idempotencyKey: `confirm:${id}`, actor: 'bank-clerk' })
    return null
  } catch (error) {
    return { party: party ?? id, reason: reasonOf(error) }
  }
}

/** Stands in for the reference that a bank would give. */
function bankReference(text: string): string {
  return `bank-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`
}
