import { invariant } from '../errors/index.js'
import type { PayoutCall } from '../gateways/call.js'
import { callOf } from '../gateways/call-of.js'
import type { Exchange } from '../gateways/exchange.js'
import type { BatchOutcome } from '../gateways/payout-batches.js'
import type { Instruction } from '../instructions/instruction.js'
import type { BookContext } from './context.js'
import { CallFailure, type GatewayLine } from './gateway-line.js'
import { canResend } from './next-look.js'

/** Payouts of one batch that one attempt has now. */
export interface ClaimedBatch {
  readonly key: string
  readonly lease: string
  readonly how: 'send' | 'again'
  /** At least one. */
  readonly members: readonly Instruction[]
  /** Nothing is sent after this, in milliseconds since 1970. */
  readonly sendBy: number
}

export interface MadeBatch {
  readonly outcome: BatchOutcome
  readonly exchanges: readonly Exchange[]
  /** Whether the request may have gone out. */
  readonly sent: boolean
  /** Only an operator can find out what became of it. */
  readonly stuck?: boolean
}

/** Sends a batch, again only within the window in which its key has one effect. Silence is `unknown`. */
export async function callBatch(
  { runtime, observed }: BookContext,
  line: GatewayLine,
  { key, how, members, sendBy }: ClaimedBatch,
): Promise<MadeBatch> {
  const { payoutBatches, operations } = line.gateway
  const [first] = members
  const operation = operations.payout
  invariant(payoutBatches && operation && first, 'a batch has payouts, of a gateway that takes them')
  const maySend = () => how === 'send' || canResend(first, operation, runtime.now())
  if (!maySend()) {
    const reason = `nobody can say whether ${first.gateway} did it: look there for batch ${key}, then call instructions.resolve`
    return { outcome: { outcome: 'unknown', reason }, exchanges: [], sent: false, stuck: true }
  }
  const payouts = members.map(payoutOf)
  const startedMs = observed?.elapsed() ?? 0
  const told = { gateway: first.gateway, kind: 'payout', call: 'send', startedMs } as const
  try {
    const made = await line.call((way) => payoutBatches.send({ key, payouts }, way), {
      answered: ({ outcome }) => outcome !== 'unknown',
      may: () => maySend() && runtime.now() <= sendBy,
    })
    observed?.gatewayCall({ ...told, outcome: made.answer.outcome, heldBack: false })
    return { outcome: made.answer, exchanges: made.exchanges, sent: true }
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error
    const { reason, exchanges, heldBack } = error
    const outcome: BatchOutcome =
      heldBack && how === 'send' ? { outcome: 'waiting', reason, partly: false } : { outcome: 'unknown', reason }
    observed?.gatewayCall({ ...told, outcome: outcome.outcome, heldBack })
    return { outcome, exchanges, sent: !heldBack }
  }
}

function payoutOf(instruction: Instruction): PayoutCall {
  const call = callOf(instruction, null)
  invariant(call.kind === 'payout', 'batches are of payouts')
  return call
}
