import type { Money } from 'escrow-ledger'
import { sdkMoney } from './wire-money.js'

/** What the host adds to the refund of a payment to a seller. It must be the same on every attempt at one refund. */
export interface RefundDetails {
  /**
   * What the platform gives of its fee, above zero; the seller gives the rest. PayPal has to enable it for the platform;
   * where it is not given, PayPal divides the refund by its own rule, and the books follow what it says.
   */
  readonly platformFee?: Money | undefined
}

/** The part of a refund that these details make. */
export const refundDetailsOnWire = ({ platformFee }: RefundDetails) =>
  platformFee === undefined ? {} : { paymentInstruction: { platformFees: [{ amount: sdkMoney(platformFee) }] } }
