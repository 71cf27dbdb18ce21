import { signRazorpayWebhook } from '@escrow-ledger/razorpay'
import type { ControlledGateway } from '../control-routes.js'
import type { GatewayApi } from '../http/exchange.js'
import type { SandboxAnswer, SandboxRequest } from '../http/operation.js'
import { Refused } from '../http/operation.js'
import type { Channel } from '../webhooks/delivery.js'
import type { NewId } from '../world/seeded-ids.js'
import type { World } from '../world/world.js'
import { accountOperations } from './accounts.js'
import { actsOf } from './acts.js'
import { razorpayButtons } from './buttons.js'
import { contactOperations } from './contacts.js'
import { createDesk, type Desk } from './desk.js'
import { disputeOperations } from './dispute-operations.js'
import { fundAccountOperations } from './fund-accounts.js'
import { orderOperations } from './orders.js'
import { paymentOperations } from './payments.js'
import { payoutOperations } from './payout-operations.js'
import { peopleAt, type RazorpayPeople } from './people.js'
import { productOperations } from './products.js'
import { refundOperations } from './refund-operations.js'
import { errorAnswer, failureAnswer } from './refusal.js'
import { reversalOperations } from './reversals.js'
import { type RazorpayOptions, readSettings, type Settings } from './settings.js'
import { settlementOperations } from './settlement-operations.js'
import { settleDaily } from './settlements.js'
import { stakeholderOperations } from './stakeholders.js'
import { stateOf } from './state.js'
import { transactionOperations } from './transactions.js'
import { transferOperations } from './transfer-operations.js'

/** The stand-in for Razorpay, as a test sees it. */
export interface RazorpaySandbox extends RazorpayPeople {
  readonly keyId: string
  readonly keySecret: string
  readonly webhookSecret: string
  /** The merchant's own account. */
  readonly accountId: string
  /** The account of RazorpayX from which payouts are made. */
  readonly accountNumber: string
}

const minute = 60_000

/** Razorpay's way of delivering: it wants an answer within 5 s, and tries again for 24 hours at growing intervals. */
export function razorpayChannel(options: RazorpayOptions, newId: NewId): Channel {
  const { webhookSecret } = readSettings(options)
  return {
    gateway: 'razorpay',
    newDeliveryId: () => newId('', 14),
    sign: ({ rawBody, id }) => signRazorpayWebhook({ rawBody, secret: webhookSecret, deliveryId: id }),
    retryDelaysMs: [1, 5, 15, 60, 120, 240, 480, 480].map((minutes) => minutes * minute),
    timeoutMs: 5000,
  }
}

/** Makes the stand-in: the API that is served, what people do, and what the control sees. */
export function createRazorpay(world: World, options: RazorpayOptions) {
  const settings = readSettings(options)
  const desk = createDesk(world, settings)
  const people = peopleAt(desk)
  if (settings.settlements === 'daily') settleDaily(desk)
  const { keyId, keySecret, webhookSecret, accountId, accountNumber } = settings
  const face: RazorpaySandbox = { keyId, keySecret, webhookSecret, accountId, accountNumber, ...people }
  const controlled: ControlledGateway = {
    acts: withWords(actsOf(people)),
    balances: people.balances,
    state: () => stateOf(desk),
    buttons: razorpayButtons,
  }
  return { api: apiOf(desk), controlled, face }
}

const apiOf = (desk: Desk): GatewayApi => ({
  name: 'razorpay',
  operations: [
    ...[orderOperations, paymentOperations, refundOperations, transferOperations, reversalOperations],
    ...[accountOperations, stakeholderOperations, productOperations, settlementOperations, disputeOperations],
    ...[contactOperations, fundAccountOperations, payoutOperations, transactionOperations],
  ].flatMap((operationsOf) => operationsOf(desk)),
  authorize: (request) => authorize(desk.settings, request),
  failure: failureAnswer,
})

function authorize({ keyId, keySecret }: Settings, { headers }: SandboxRequest): SandboxAnswer | undefined {
  const expected = `Basic ${Buffer.from(`${keyId}:${keySecret}`).toString('base64')}`
  if (headers.authorization === expected) return undefined
  return errorAnswer('Authentication failed', { status: 401 })
}

/** An act about an id that nobody has is refused as the API refuses it; people get it in words. */
const withWords = (acts: ControlledGateway['acts']): ControlledGateway['acts'] =>
  Object.fromEntries(
    Object.entries(acts).map(([name, act]) => [
      name,
      (input) => {
        try {
          return act(input)
        } catch (error) {
          if (!(error instanceof Refused)) throw error
          throw new RangeError(`Nothing has the id ${String(input.id)}.`)
        }
      },
    ]),
  )
