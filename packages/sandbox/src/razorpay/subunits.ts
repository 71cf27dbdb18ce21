/** Minor units as Razorpay's JSON has them. */
export function toSubunits(amountMinor: bigint): number {
  const subunits = Number(amountMinor)
  if (!Number.isSafeInteger(subunits)) throw new RangeError(`${amountMinor} is more than JSON can carry.`)
  return subunits
}

/** A part of an amount in basis points, rounded half up. */
export const basisPointsOf = (amountMinor: bigint, basisPoints: number): bigint =>
  (amountMinor * BigInt(basisPoints) + 5000n) / 10_000n

/** A fee as Razorpay states it: with the tax on it included. */
export interface Charge {
  readonly feeMinor: bigint
  readonly taxMinor: bigint
}

export const noCharge: Charge = { feeMinor: 0n, taxMinor: 0n }

/** The charge for a fee before tax. */
export function chargeOf(netMinor: bigint, taxBasisPoints: number): Charge {
  const taxMinor = basisPointsOf(netMinor, taxBasisPoints)
  return { feeMinor: netMinor + taxMinor, taxMinor }
}
