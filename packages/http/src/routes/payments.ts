import { z } from 'zod'
import { isStaff } from '../pipeline/authorise.js'
import { Problem } from '../problem.js'
import { route } from '../route.js'
import { idSchema, moneyInputSchema, nameSchema } from '../wire.js'
import { captureAnswerSchema, instructionSchema } from './answers.js'
import { orderOwners, sessionOwners } from './owners.js'
import { shownInstruction } from './shown.js'

const tag = 'payments'

const createOrder = route({
  operation: 'payments.createOrder',
  method: 'POST',
  path: '/payments/create-order',
  summary: 'Ask the payer of a session for money',
  description: 'Makes an order at the gateway; its `gatewayReference` is what the checkout page pays.',
  tag,
  movesMoney: true,
  body: z
    .strictObject({
      id: idSchema.max(100).describe('Your own id of the order, unique in the book.'),
      session: idSchema,
      gateway: nameSchema({ max: 64 }),
      amount: moneyInputSchema.optional().describe('What the session still waits for, unless it is given.'),
    })
    .meta({ examples: [{ id: 'order-42', session: 'session-42', gateway: 'razorpay' }] }),
  answer: instructionSchema,
  owners: ({ ledger, body }) => sessionOwners(ledger, body.session),
  async handle({ ledger, body, options }) {
    const { session, ...rest } = body
    const { replayed, ...order } = await ledger.orders.create({ ...rest, escrow: session }, options)
    return { body: shownInstruction(order, { nameOnly: true }), status: 201, replayed }
  },
})

const capture = route({
  operation: 'payments.capture',
  method: 'POST',
  path: '/payments/capture',
  summary: 'Take what the payer has authorised',
  description:
    'The gateway is asked what became of the order: what its payer has authorised is captured, and what has arrived is posted. Staff may name the payment to capture; from payers it is taken for a hint and no more, since it may be anybody’s.',
  tag,
  movesMoney: true,
  body: z
    .strictObject({ order: idSchema, payment: idSchema.optional() })
    .meta({ examples: [{ order: 'order-42' }, { order: 'order-42', payment: 'pay_29QQoUBi66xm2f' }] }),
  answer: captureAnswerSchema,
  owners: ({ ledger, body }) => orderOwners(ledger, body.order),
  async handle({ ledger, body: { order, payment }, principal, options }) {
    const named = payment !== undefined && isStaff('payments.capture', principal)
    const captured = named ? await ledger.orders.capture({ id: order, payment }, options) : null
    const { escrow, ...view } = await ledger.orders.refresh(order)
    const sessionStatus = escrow === null ? null : (await ledger.escrows.get(escrow)).status
    const shown = shownInstruction({ ...view, escrow }, { nameOnly: true })
    return { body: { ...shown, sessionStatus }, replayed: captured?.replayed }
  },
})

const webhook = route({
  operation: 'payments.webhook',
  method: 'POST',
  path: '/payments/{gateway}/webhook',
  summary: 'Take a delivery of a gateway',
  description: 'Verified over its raw bytes and kept; what it is about is looked up in the gateway’s API afterwards.',
  tag,
  movesMoney: false,
  raw: true,
  params: z.strictObject({ gateway: nameSchema({ max: 64 }) }),
  answer: z.strictObject({ webhook: z.string(), state: z.string(), duplicate: z.boolean() }),
  async handle({ ledger, params, headers, rawBody }) {
    if (rawBody.byteLength === 0)
      throw new Problem(400, 'not_authentic', 'The delivery has no body, so nobody has signed it.')
    return { body: await ledger.webhooks.receive({ gateway: params.gateway, headers, rawBody }) }
  },
})

export const paymentRoutes = [createOrder, capture, webhook]
