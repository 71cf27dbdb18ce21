import type { Instruction } from '../instructions/instruction.js'
import { isUnsent } from '../payouts/batch-commands.js'
import { type AttemptOptions, attempt } from './attempt.js'
import { whatItWaitsFor } from './call-gateway.js'
import type { BookContext } from './context.js'
import { destinationOf } from './destination.js'
import type { GatewayLine } from './gateway-line.js'
import { concernsOneAlone } from './run-failure.js'
import { type End, type Ends, membersOf, type Sendable, sendBatch } from './send-batch.js'

/** The way to a gateway where this payout goes out with others; null where it goes by itself, or has gone out. */
export function batchedBy(context: BookContext, instruction: Instruction): GatewayLine | null {
  const { kind, gateway, batch, firstSentAt } = instruction
  const line = context.lines.get(gateway)
  if (kind !== 'payout' || !line?.gateway.payoutBatches || !line.gateway.operations.payout) return null
  return isUnsent(instruction) && (batch !== null || firstSentAt === null) ? line : null
}

/** What goes out with an unsent payout: the batch that it was sent in, or all of its gateway and currency that is due. */
export const groupOf = ({ gateway, currency, batch }: Instruction): string => batch ?? `${gateway} ${currency}`

/** An attempt at the batch in which a payout may have been sent: all of it goes again, as it was. */
export async function attemptBatch(
  context: BookContext,
  { line, batch }: { readonly line: GatewayLine; readonly batch: string },
  options: AttemptOptions,
): Promise<Ends> {
  const members = (await membersOf(context, batch)).filter(isUnsent)
  return sendBatch(
    context,
    members.map((instruction) => ({ instruction, destination: null })),
    { line, batch, options },
  )
}

/** An attempt at payouts of one gateway and currency that were never sent, as many at a time as the gateway takes. */
export async function attemptPayouts(
  context: BookContext,
  { line, payouts }: { readonly line: GatewayLine; readonly payouts: readonly Instruction[] },
  options: AttemptOptions,
): Promise<Ends> {
  const ends = new Map<string, End>()
  const sendable = await sendableOf(context, { line, payouts }, { options, ends })
  const most = line.gateway.payoutBatches?.maximum ?? 1
  for (let start = 0; start < sendable.length; start += most) {
    const sent = await sendBatch(context, sendable.slice(start, start + most), { line, batch: null, options })
    for (const [id, end] of sent) ends.set(id, end)
  }
  return ends
}

/** Destinations that are asked for at once. */
const AT_ONCE = 8

/** Those that nothing is in the way of. The others wait, each for reasons of its own. */
async function sendableOf(
  context: BookContext,
  { line, payouts }: { readonly line: GatewayLine; readonly payouts: readonly Instruction[] },
  { options, ends }: { readonly options: AttemptOptions; readonly ends: Map<string, End> },
): Promise<readonly Sendable[]> {
  const sendable: Sendable[] = []
  const look = async (instruction: Instruction) => {
    const found = await destinationOf(instruction, line)
    const destination = instruction.destination ?? found.destination
    const { problem } = found
    if (whatItWaitsFor({ ...instruction, destination }, { line, problem }) === null) {
      sendable.push({ instruction, destination })
      return
    }
    const end = await attempt(context, instruction, { ...options, found }).catch((error: unknown) => {
      if (!concernsOneAlone(error)) throw error
      return error
    })
    if (end !== null) ends.set(instruction.id, end)
  }
  for (let start = 0; start < payouts.length; start += AT_ONCE) {
    await Promise.all(payouts.slice(start, start + AT_ONCE).map(look))
  }
  return sendable
}
