import { fail } from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { BatchOutcome, CallOutcome, PayoutBatch, PayoutBatches, PayoutCall } from 'escrow-ledger'
import { deepEqual, equal } from '../conformance/assertions.js'
import type { GatewayCases, GatewaySubject } from './gateway-case.js'
import { hasEffects } from './outcomes.js'

const COUNT = 3

/** That payouts in batches have one effect each, are told apart, and are refused by name. */
export const payoutBatches: GatewayCases = {
  'payout batch: each payout has one effect when the batch is sent twice under one key': async (subject) => {
    const batch = await newBatch(subject)
    const first = taken(await send(subject, batch))
    equal(taken(await send(subject, batch)), first, 'the batch has two references')
    await hasEffects(subject, firstOf(batch), COUNT)
  },

  'payout batch: each payout has one effect when the batch is sent twice at once': async (subject) => {
    const batch = await newBatch(subject)
    const outcomes = await Promise.all([send(subject, batch), send(subject, batch)])
    for (const { outcome } of outcomes) if (outcome === 'refused') fail('a batch is refused while it is being sent')
    await hasEffects(subject, firstOf(batch), COUNT)
  },

  'payout batch: each payout has one effect when the answer was lost': async (subject) => {
    for (const fault of ['answer lost', 'error after', 'unreadable answer'] as const) {
      const batch = await newBatch(subject)
      const before = await subject.harness.effects('payout')
      subject.harness.plan(fault, { kind: 'payout', verb: 'send' })
      const { outcome } = await send(subject, batch)
      if (outcome === 'refused') fail(`a batch is refused on this fault: ${fault}`)
      taken(await send(subject, batch))
      equal((await subject.harness.effects('payout')).count - before.count, COUNT)
    }
  },

  'payout batch: is put off or unknown, and never refused, while the gateway does not take it': async (subject) => {
    const batch = await newBatch(subject)
    for (const fault of ['request lost', 'error before', 'too many requests'] as const) {
      subject.harness.plan(fault, { kind: 'payout', verb: 'send' })
      const said = await send(subject, batch)
      if (said.outcome !== 'unknown' && said.outcome !== 'waiting') fail(`on ${fault} a batch is ${said.outcome}`)
      if (said.outcome === 'waiting') equal(said.partly, false, 'a part of it would be put off as well')
    }
    await hasEffects(subject, firstOf(batch), 0)
  },

  'payout batch: tells what became of each of its payouts, and of no other': async (subject) => {
    const batch = await newBatch(subject)
    const reference = taken(await send(subject, batch))
    for (const { key } of batch.payouts) equal((await find(subject, reference, key)).outcome, 'accepted')
    await subject.harness.complete({ ...firstOf(batch), reference })
    for (const { key } of batch.payouts) equal((await find(subject, reference, key)).outcome, 'processed')
    const { outcome } = await find(subject, reference, randomUUID())
    if (outcome !== 'absent' && outcome !== 'unknown') fail(`a payout of nobody's is ${outcome}`)
  },

  'payout batch: is refused because of the payout that cannot be, and has no effect': async (subject) => {
    const [wrong, ...others] = [await payoutOf(subject, 'refusable'), ...(await newBatch(subject)).payouts]
    const said = await send(subject, { key: randomUUID(), payouts: [...others, wrong as PayoutCall] })
    if (said.outcome !== 'refused') fail(`a batch with a payout that cannot be is ${said.outcome}`)
    else deepEqual(said.because, [wrong?.key])
    await hasEffects(subject, wrong as PayoutCall, 0)
  },

  'payout batch: of what was said about many each keeps what is its own': async (subject) => {
    const batch = await newBatch(subject)
    const reference = taken(await send(subject, batch))
    await subject.harness.complete({ ...firstOf(batch), reference })
    await find(subject, reference, firstOf(batch).key)
    const { partOf } = batchesOf(subject)
    for (const exchange of subject.exchanges.filter(({ request, answer }) => isAbout(batch, `${request}${answer}`))) {
      for (const { key } of batch.payouts) {
        const { request, answer } = partOf(exchange, key)
        const named = batch.payouts.filter((each) => `${request}${answer}`.includes(each.key))
        deepEqual(
          named.map((each) => each.key),
          [key],
        )
      }
    }
  },
}

const isAbout = ({ payouts }: PayoutBatch, text: string) => payouts.every(({ key }) => text.includes(key))

function batchesOf({ harness }: GatewaySubject): PayoutBatches {
  return harness.gateway.payoutBatches ?? fail('the gateway that was opened takes no payouts in batches')
}

async function payoutOf(subject: GatewaySubject, which: 'ready' | 'refusable'): Promise<PayoutCall> {
  const call = which === 'ready' ? await subject.newCall('payout') : await subject.newRefusable('payout')
  return call.kind === 'payout' ? call : fail('a payout is a payout')
}

async function newBatch(subject: GatewaySubject): Promise<PayoutBatch> {
  const payouts: PayoutCall[] = []
  for (let index = 0; index < COUNT; index += 1) payouts.push(await payoutOf(subject, 'ready'))
  return { key: randomUUID(), payouts }
}

const firstOf = ({ payouts }: PayoutBatch): PayoutCall => payouts[0] ?? fail('a batch has payouts')

/** What the ledger makes of an adapter that throws is `unknown`. */
async function send(subject: GatewaySubject, batch: PayoutBatch): Promise<BatchOutcome> {
  try {
    return await batchesOf(subject).send(batch, subject.context)
  } catch (error) {
    return { outcome: 'unknown', reason: error instanceof Error ? error.message : String(error) }
  }
}

const taken = (said: BatchOutcome): string =>
  said.outcome === 'accepted'
    ? said.reference
    : fail(`expected that the gateway has the batch, and it is ${said.outcome}`)

/** Page after page, until the payout is there. */
async function find(subject: GatewaySubject, reference: string, key: string): Promise<CallOutcome> {
  for (let page = 1; ; page += 1) {
    const read = await batchesOf(subject).read({ reference, page }, subject.context)
    if (read.outcome === 'unknown') return read
    const found = read.payouts.get(key)
    if (found || !read.more) return found ?? read.others
  }
}
