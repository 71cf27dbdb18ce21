import type { CallOutcome } from '../gateways/outcome.js'
import { hostIdOf, type Instruction } from '../instructions/instruction.js'
import { releaseTransferCommand } from '../payouts/release-transfer.js'
import type { BookContext } from './context.js'
import type { CallOptions } from './request.js'
import { concernsOneAlone } from './run-failure.js'

/** When a linked account settles a transfer without being told to, in milliseconds; null where it is held until then. */
export function settlesByItself({ kind, hold, lastAt }: Instruction): number | null {
  if (kind !== 'transfer' || hold === 'indefinite') return null
  return hold === null ? lastAt : Number(hold)
}

/**
 * A transfer that is held no longer goes to the payee's bank whether anybody says so or not, so the books release it:
 * what then becomes of it is asked about as of any release. What is not owed to the payee is not released in the books;
 * that is tried again, and told as the reason. Of what was taken back altogether nothing is left to release.
 */
export async function releaseInTime(
  context: BookContext,
  transfer: Instruction,
  call: CallOptions,
): Promise<CallOutcome> {
  const reference = transfer.gatewayReference ?? transfer.id
  if (transfer.takenBackMinor >= transfer.amountMinor && transfer.reversingMinor === 0n) {
    return { outcome: 'processed', reference }
  }
  try {
    await context.run(releaseTransferCommand, { id: hostIdOf(transfer.id) }, call)
    return { outcome: 'processed', reference }
  } catch (error) {
    if (!concernsOneAlone(error)) throw error
    if (error.code === 'release_exists') return { outcome: 'processed', reference }
    return { outcome: 'waiting', reason: `${error.code}: ${error.message}` }
  }
}
