import { type Authorization, authorizationOnWire } from './authorization.js'
import { type Capture, captureOnWire } from './capture.js'
import type { Fields } from './fields.js'
import { type Merchant, payeeOnWire, platformOf, readPayee } from './merchant.js'
import { type Money, onWire } from './money.js'
import type { PayPalWorld } from './paypal-world.js'
import { refundOnWire } from './refund.js'
import { unprocessable } from './refusal.js'

/** What a platform keeps of a payment to a seller. */
export interface PlatformFee {
  readonly amount: Money
  readonly payee: Merchant
}

/** How the payee gets its money. */
export interface PaymentInstruction {
  readonly disbursementMode: 'INSTANT' | 'DELAYED'
  readonly platformFee?: PlatformFee | undefined
}

/** One contract of an order, between the payer and one payee. */
export interface PurchaseUnit {
  readonly referenceId: string
  readonly payee: Merchant
  amount: Money
  /** The parts of the amount, as they came. */
  breakdown?: object | undefined
  instruction: PaymentInstruction
  customId?: string | undefined
  invoiceId?: string | undefined
  description?: string | undefined
  softDescriptor?: string | undefined
  readonly items?: unknown
  readonly shipping?: unknown
  readonly captures: Capture[]
  readonly authorizations: Authorization[]
}

/** Reads the purchase units of an order. */
export function readPurchaseUnits(world: PayPalWorld, units: readonly Fields[]): PurchaseUnit[] {
  const read = units.map((fields) => readUnit(world, fields, units.length > 1))
  const references = new Set(read.map(({ referenceId }) => referenceId))
  if (references.size < read.length) throw unprocessable('DUPLICATE_REFERENCE_ID', { location: 'body' })
  const currencies = new Set(read.map(({ amount }) => amount.currency))
  if (currencies.size > 1) throw unprocessable('MULTI_CURRENCY_ORDER', { location: 'body' })
  return read
}

function readUnit(world: PayPalWorld, fields: Fields, isOneOfMany: boolean): PurchaseUnit {
  const referenceId = fields.text('reference_id', { max: 256 })
  if (referenceId === undefined && isOneOfMany) {
    throw unprocessable('REFERENCE_ID_REQUIRED', { field: `${fields.at}/reference_id`, location: 'body' })
  }
  const amount = fields.requiredAmount('amount')
  return {
    referenceId: referenceId ?? 'default',
    payee: readPayee(world, fields.object('payee')) ?? platformOf(world),
    amount,
    breakdown: readBreakdown(fields.requiredObject('amount'), amount),
    instruction: readInstruction(world, fields.object('payment_instruction'), amount),
    customId: fields.text('custom_id', { max: 127 }),
    invoiceId: fields.text('invoice_id', { max: 127 }),
    description: fields.text('description', { max: 127 }),
    softDescriptor: fields.text('soft_descriptor', { max: 22 }),
    items: fields.raw.items,
    shipping: fields.raw.shipping,
    captures: [],
    authorizations: [],
  }
}

const parts = ['item_total', 'shipping', 'handling', 'tax_total', 'insurance']
const deductions = ['shipping_discount', 'discount']

/** The parts of an amount must add up to it. */
function readBreakdown(fields: Fields, amount: Money): object | undefined {
  const breakdown = fields.object('breakdown')
  if (breakdown === undefined) return undefined
  const sum = (names: readonly string[]) =>
    names.reduce((total, name) => total + (breakdown.amount(name, { mayBeZero: true })?.minor ?? 0n), 0n)
  if (sum(parts) - sum(deductions) !== amount.minor) {
    throw unprocessable('AMOUNT_MISMATCH', { field: `${fields.at}/value`, location: 'body' })
  }
  return breakdown.raw
}

/** Reads how the payee gets its money. */
export function readInstruction(world: PayPalWorld, fields: Fields | undefined, amount: Money): PaymentInstruction {
  const mode = fields?.text('disbursement_mode', { oneOf: ['INSTANT', 'DELAYED'] })
  const [fee] = fields?.list('platform_fees', { min: 0, max: 1 }) ?? []
  const platformFee = fee && {
    amount: fee.requiredAmount('amount'),
    payee: readPayee(world, fee.object('payee')) ?? platformOf(world),
  }
  if (platformFee && platformFee.amount.currency !== amount.currency) {
    throw unprocessable('MULTI_CURRENCY_ORDER', { field: `${fields?.at}/platform_fees`, location: 'body' })
  }
  if (platformFee && platformFee.amount.minor > amount.minor) {
    throw unprocessable('INVALID_PLATFORM_FEES_AMOUNT', { field: `${fields?.at}/platform_fees`, location: 'body' })
  }
  return { disbursementMode: mode === 'DELAYED' ? 'DELAYED' : 'INSTANT', platformFee }
}

/** A purchase unit as PayPal shows it, with what was paid for it. */
export function unitOnWire(world: PayPalWorld, unit: PurchaseUnit) {
  const { captures, authorizations } = unit
  const refunds = [...world.refunds.values()].filter(({ capture }) => captures.includes(capture))
  const payments = {
    ...(authorizations.length === 0
      ? {}
      : { authorizations: authorizations.map((each) => authorizationOnWire(world, each)) }),
    ...(captures.length === 0 ? {} : { captures: captures.map((each) => captureOnWire(world, each)) }),
    ...(refunds.length === 0 ? {} : { refunds: refunds.map((each) => refundOnWire(world, each)) }),
  }
  return {
    reference_id: unit.referenceId,
    amount: { ...onWire(unit.amount), ...(unit.breakdown === undefined ? {} : { breakdown: unit.breakdown }) },
    payee: payeeOnWire(unit.payee),
    payment_instruction: instructionOnWire(unit.instruction),
    custom_id: unit.customId,
    invoice_id: unit.invoiceId,
    description: unit.description,
    soft_descriptor: unit.softDescriptor,
    items: unit.items,
    shipping: unit.shipping,
    ...(Object.keys(payments).length === 0 ? {} : { payments }),
  }
}

const instructionOnWire = ({ disbursementMode, platformFee }: PaymentInstruction) => ({
  disbursement_mode: disbursementMode,
  ...(platformFee === undefined
    ? {}
    : { platform_fees: [{ amount: onWire(platformFee.amount), payee: payeeOnWire(platformFee.payee) }] }),
})
