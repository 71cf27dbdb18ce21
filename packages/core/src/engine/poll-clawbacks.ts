import type { ClawbackKind } from '../gateways/clawback.js'
import type { Subject } from '../gateways/subject.js'
import { type Clawback, clawbackKey } from '../payments/clawback.js'
import type { RecordQuery } from '../storage/index.js'
import { createBatchReadings } from './batch-readings.js'
import type { BookContext } from './context.js'
import { instructionsAbout } from './instructions-about.js'
import { knownClawback } from './look-at-clawback.js'
import { lookAtSubject } from './look-at-subject.js'
import { type Poll, type Polling, type PollOptions, pollGateways } from './poll-gateways.js'

const PAGE = 1_000

/**
 * Asks gateways what they have taken back without our asking, and what became of what may still change, and posts it:
 * nothing depends on a webhook's coming.
 */
export async function pollClawbacks(context: BookContext, options: PollOptions | undefined): Promise<Poll> {
  return pollGateways(context, options, (polling) => pollOne(context, polling))
}

/**
 * What is open in the books, which no list need tell, since it is older or the gateway lists nothing now; and then what is
 * listed. Throws `CallFailure`.
 */
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
  for await (const { kind, reference } of openOf(context, gateway)) {
    if (signal?.aborted) return
    await look({ kind, reference, key: null })
  }
  const through = context.runtime.now()
  for await (const subject of line.each((way) => reads.list({ from: Math.max(0, through - backMs), through }, way))) {
    if (signal?.aborted) return
    await look(subject)
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

async function* openOf({ reads, book }: BookContext, gateway: string): AsyncGenerator<Clawback> {
  const where = { state: 'open', gateway }
  for (let after: RecordQuery['after'] = null; ; ) {
    const query: RecordQuery = { kind: 'clawbacks', where, order: ['recordedAt'], after, limit: PAGE }
    const page = (await reads.records(book, query)) as unknown as Clawback[]
    yield* page
    const last = page.at(-1)
    if (!last || page.length < PAGE) return
    after = [last.recordedAt, clawbackKey(last)]
  }
}
