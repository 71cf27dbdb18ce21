import type { ClawbackKind } from '../gateways/clawback.js'
import type { Subject } from '../gateways/subject.js'
import { type Clawback, clawbackKey } from '../payments/clawback.js'
import { createBatchReadings } from './batch-readings.js'
import type { BookContext } from './context.js'
import { instructionsAbout } from './instructions-about.js'
import { knownClawback } from './look-at-clawback.js'
import { lookAtSubject } from './look-at-subject.js'
import { type Poll, type Polling, type PollOptions, pollGateways } from './poll-gateways.js'

const MOST_OPEN = 1_000

/**
 * Asks gateways what they have taken back without our asking, and what became of what may still change, and posts it:
 * nothing depends on a webhook's coming.
 */
export async function pollClawbacks(context: BookContext, options: PollOptions): Promise<Poll> {
  return pollGateways(context, options, (polling) => pollOne(context, polling))
}

/** What is listed, and then what is open in the books and was not listed, since it is older. Throws `CallFailure`. */
async function pollOne(context: BookContext, { gateway, backMs, signal, tally }: Polling): Promise<void> {
  const line = context.lines.get(gateway)
  const reads = line?.gateway.clawbacks
  if (!line || !reads) return
  const seen = new Set<string>()
  const readings = createBatchReadings(context)
  const look = async (subject: Subject & { readonly kind: ClawbackKind }) => {
    const key = clawbackKey({ gateway, ...subject })
    if (seen.has(key)) return
    seen.add(key)
    if (await isDone(context, { gateway, subject })) return
    tally.told += 1
    const sight = await lookAtSubject(context, { gateway, subject, readings })
    if (sight.sight === 'posted') tally.posted += 1
    if (sight.sight === 'contradicts') {
      tally.contradicted.push({ gateway, reference: subject.reference, reason: sight.reason })
    }
  }
  const through = context.runtime.now()
  for await (const subject of line.each((way) => reads.list({ from: through - backMs, through }, way))) {
    if (signal?.aborted) return
    await look(subject)
  }
  for (const { kind, reference } of await openOf(context, gateway)) {
    if (signal?.aborted) return
    await look({ kind, reference, key: null })
  }
}

/** Refunds of ours are asked about by themselves, and what is closed changes no more. */
async function isDone(
  context: BookContext,
  { gateway, subject }: { readonly gateway: string; readonly subject: Subject & { readonly kind: ClawbackKind } },
): Promise<boolean> {
  const known = await knownClawback(context, { gateway, ...subject })
  if (known !== null) return known.state === 'closed'
  return subject.kind === 'refund' && (await instructionsAbout(context, { gateway, subject })).length > 0
}

async function openOf({ reads, book }: BookContext, gateway: string): Promise<readonly Clawback[]> {
  const where = { state: 'open', gateway }
  const query = { kind: 'clawbacks', where, order: ['recordedAt'], after: null, limit: MOST_OPEN } as const
  return (await reads.records(book, query)) as unknown as Clawback[]
}
