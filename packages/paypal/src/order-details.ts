import { DisbursementMode } from '@paypal/paypal-server-sdk'
import type { Money } from 'escrow-ledger'
import { sdkMoney } from './wire-money.js'

/**
 * What the host adds to an order. It must be the same on every attempt at one order: PayPal refuses the same key with other
 * contents.
 */
export interface OrderDetails {
  /** What the payer reads, at most 127 characters. */
  readonly description?: string | undefined
  /** What stands on the statement of the payer's card, at most 22 characters. */
  readonly softDescriptor?: string | undefined
  /** The seller that the money is for, by PayPal's id of it; the platform itself unless it is given. */
  readonly payee?: string | undefined
  /** `DELAYED` holds the seller's money until it is released, 28 days at most. For approved partners only. */
  readonly disbursement?: 'INSTANT' | 'DELAYED' | undefined
  /** What the platform keeps of a payment to a seller. */
  readonly platformFee?: Money | undefined
}

const modes = { INSTANT: DisbursementMode.Instant, DELAYED: DisbursementMode.Delayed } as const

/** The part of a purchase unit that these details make. */
export function detailsOnWire(details: OrderDetails) {
  const { description, softDescriptor, payee, disbursement, platformFee } = details
  const instruction = {
    ...(disbursement === undefined ? {} : { disbursementMode: modes[disbursement] }),
    ...(platformFee === undefined ? {} : { platformFees: [{ amount: sdkMoney(platformFee) }] }),
  }
  return {
    ...(description === undefined ? {} : { description }),
    ...(softDescriptor === undefined ? {} : { softDescriptor }),
    ...(payee === undefined ? {} : { payee: { merchantId: payee } }),
    ...(Object.keys(instruction).length === 0 ? {} : { paymentInstruction: instruction }),
  }
}
