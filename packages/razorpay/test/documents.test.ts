import type { GatewayCall } from 'escrow-ledger'
import { money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { answeringServer } from './fixtures/answering-server.js'
import { absence, documented } from './fixtures/documents.js'
import { orderCall, testGateway } from './fixtures/test-gateway.js'

const payouts = { accountNumber: '7878780080316316' }

/** The gateway on a server that answers everything with this. */
async function answeredWith(answer: unknown) {
  const server = await answeringServer(() => ({ body: JSON.stringify(answer) }))
  return testGateway(server.url, { payouts })
}

const callOf = (kind: GatewayCall['kind'], more: object) => ({ ...orderCall, kind, ...more }) as GatewayCall

describe.skipIf(absence)(`what Razorpay documents is understood${absence}`, () => {
  test.each(documented('payment'))('a payment in %s', async (_, answer) => {
    const { gateway, context } = await answeredWith(answer)
    const payment = await gateway.payments.fetch(String(answer.id), context)
    expect(payment).toMatchObject({
      reference: answer.id,
      state: answer.status === 'refunded' ? 'captured' : answer.status,
    })
    expect(payment?.amount.minor).toBe(BigInt(answer.amount as number))
    const fee = payment?.state === 'captured' && typeof answer.fee === 'number' ? BigInt(answer.fee) : undefined
    expect(payment?.fee?.fee.minor).toBe(fee)
  })

  // Old samples have no status; nothing is made up of those.
  test.each(documented('refund').filter(([, { status }]) => status !== undefined))(
    'a refund in %s',
    async (_, answer) => {
      const { gateway, context } = await answeredWith(answer)
      const call = callOf('refund', { payment: answer.payment_id, reference: answer.id })
      const outcome = { processed: 'processed', pending: 'accepted', failed: 'refused' }[String(answer.status)]
      expect(await gateway.ask(call, context)).toMatchObject({ outcome })
    },
  )

  test.each(documented('transfer'))('a transfer in %s', async (_, answer) => {
    const { gateway, context } = await answeredWith(answer)
    const isDone = ['processed', 'reversed', 'partially_reversed'].includes(String(answer.status))
    const outcome = isDone || answer.processed_at ? 'processed' : 'accepted'
    const transferred = await gateway.ask(callOf('transfer', { reference: answer.id }), context)
    expect(transferred).toMatchObject({ outcome, reference: answer.id })
    const released = await gateway.ask(callOf('release', { transfer: answer.id }), context)
    const isSettled = Boolean(answer.recipient_settlement_id)
    const isBack = answer.status === 'reversed'
    const state = isSettled ? 'processed' : isBack ? 'refused' : answer.on_hold ? 'absent' : 'accepted'
    expect(released).toMatchObject({ outcome: state })
  })

  test.each(documented('payout'))('a payout in %s', async (_, answer) => {
    const { gateway, context } = await answeredWith(answer)
    const outcome = await gateway.ask(callOf('payout', { reference: answer.id }), context)
    const fee = answer.fees === 0 ? undefined : { fee: money(String(Number(answer.fees) / 100), 'INR') }
    const state = answer.status === 'processed' ? 'processed' : expect.stringMatching(/accepted|refused|reversed/)
    expect(outcome).toMatchObject({ outcome: state, ...(fee && answer.status === 'processed' ? { fee } : {}) })
  })

  test.each(documented('settlement'))('a settlement in %s', async (_, answer) => {
    const { gateway, context } = await answeredWith({ entity: 'collection', count: 1, items: [answer] })
    const range = { from: 0, through: 1000 }
    for await (const settlement of gateway.settlements.list(range, context)) {
      const amount = { minor: BigInt(answer.amount as number) }
      expect(settlement).toMatchObject({ reference: answer.id, utr: answer.utr, amount })
    }
    expect.assertions(1)
  })

  test.each(documented('dispute'))('a dispute in %s', async (_, answer) => {
    const { gateway } = await answeredWith(answer)
    expect(await gateway.disputes.fetch(String(answer.id))).toMatchObject({
      reference: answer.id,
      state: answer.status,
    })
  })
})
