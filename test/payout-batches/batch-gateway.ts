import type { BatchOutcome, CallOutcome, Gateway, PayoutBatch } from 'escrow-ledger'
import { scriptedGateway } from '../fixtures/scripted-gateway.js'

/** What becomes of a request: it is carried out and answered, or what a function says; `lose` is called to take it. */
type Reply = (batch: PayoutBatch, take: () => BatchOutcome) => BatchOutcome | Promise<BatchOutcome>

/** A gateway that takes payouts in batches and remembers what it was sent, what it took and what it was asked. */
export function batchGateway({ maximum = 100, page = 2 } = {}, own: Partial<Gateway> = {}) {
  /** What it holds: the first batch of each key, as a gateway with keys does. */
  const taken = new Map<string, PayoutBatch>()
  const sent: PayoutBatch[] = []
  const read: number[] = []
  /** What became of a payout, by its payee; paid where nothing is said. */
  const fates = new Map<string, CallOutcome>()
  const script: { send: Reply } = { send: (_, take) => take() }

  const take = (batch: PayoutBatch): BatchOutcome => {
    if (!taken.has(batch.key)) taken.set(batch.key, batch)
    return { outcome: 'accepted', reference: `ref-${batch.key}` }
  }
  const scripted = scriptedGateway(
    { resendWindowMs: 3_600_000, askedBy: null },
    {
      destinationOf: async (payee) => (payee === 'nowhere' ? null : payee),
      ...own,
      payoutBatches: {
        maximum,
        async send(batch, context) {
          sent.push(batch)
          context.record(exchangeOf(batch))
          return script.send(batch, () => take(batch))
        },
        async read({ reference, page: number }) {
          read.push(number)
          const batch = taken.get(reference.slice('ref-'.length))
          if (!batch) return { outcome: 'unknown', reason: 'there is no such batch' }
          const shown = batch.payouts.slice((number - 1) * page, number * page)
          const payouts = new Map(
            shown.map(({ key, party }) => [key, fates.get(party) ?? { outcome: 'processed' as const, reference }]),
          )
          return { outcome: 'read', payouts, others: { outcome: 'absent' }, more: number * page < batch.payouts.length }
        },
        partOf: (exchange, key) => ({ ...exchange, request: `about ${key}` }),
      },
    },
  )
  /** The payees of each request that it was sent, in the order of their names. */
  const payees = () => sent.map(({ payouts }) => payouts.map(({ party }) => party).sort())
  /** How often each payee was paid: it must be once. */
  const paid = () => {
    const counts: Record<string, number> = {}
    for (const { payouts } of taken.values()) {
      for (const { party } of payouts) counts[party] = (counts[party] ?? 0) + 1
    }
    return counts
  }
  return { ...scripted, sent, read, fates, script, payees, paid }
}

const exchangeOf = ({ key, payouts }: PayoutBatch) => ({
  ...{ method: 'POST', path: '/payouts', request: `${key}: ${payouts.map((each) => each.key)}` },
  ...{ status: 201, answer: null, requestId: null, error: null, at: 0 },
})
