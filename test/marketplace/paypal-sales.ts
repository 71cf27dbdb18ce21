import type { PayPalGatewayOptions } from '@escrow-ledger/paypal'
import type { Sandbox } from '@escrow-ledger/sandbox'
import type { Ledger } from 'escrow-ledger'
import { expect } from 'vitest'
import { all } from '../fixtures/balances.js'
import { cents, stateOfPayPal } from './paypal-state.js'

/** The one payee who sells in her own name at PayPal, which holds her part of a payment until it is released. */
const SELLER = 'priya'
/** Of the seller's own, so that refunds never wait for PayPal's fee. */
const FLOAT_MINOR = 10_000_000n

/** What is sold for a seller at PayPal, instead of in the platform's own name. */
export interface Sales {
  /** PayPal's id of the seller's account. */
  readonly account: string
  /** Has the orders of an escrow name the seller. */
  add(escrow: string): void
  has(escrow: string): boolean
  readonly accountOf: (payee: string) => string | null
  readonly orderDetails: NonNullable<PayPalGatewayOptions['orderDetails']>
}

export function openSales({ paypal }: Sandbox): Sales {
  const account = paypal.onboardSeller()
  paypal.topUp({ currency: 'USD', amountMinor: FLOAT_MINOR, merchantId: account })
  const escrows = new Set<string>()
  return {
    account,
    add: (escrow) => {
      escrows.add(escrow)
    },
    has: (escrow) => escrows.has(escrow),
    accountOf: (payee) => (payee === SELLER ? account : null),
    orderDetails({ escrow, amount: { minor, currency } }) {
      if (escrow === null || !escrows.has(escrow)) return {}
      // A fifth, less what PayPal takes, so that the seller gets no more than the deal's terms say.
      const fee = (minor + 4n) / 5n - (minor * 349n + 5_000n) / 10_000n - 49n
      const platformFee = fee > 0n ? { platformFee: { minor: fee, currency } } : {}
      return { payee: account, disbursement: 'DELAYED', ...platformFee }
    },
  }
}

/**
 * Cents of transfers that PayPal has let go of by itself, while the books do not release them, since they are not owed to
 * the seller.
 */
async function letGo({ paypal }: Sandbox, ledger: Ledger): Promise<bigint> {
  const { captures } = await stateOfPayPal(paypal)
  const released = new Set<string | null>()
  for (const { about, state } of await all(ledger.instructions.list({ kind: 'release', gateway: 'paypal' }))) {
    if (state === 'processed') released.add(about)
  }
  let sum = 0n
  for (const { id, payment, amount, takenBack } of await all(ledger.transfers.list({ gateway: 'paypal' }))) {
    const capture = captures.find((each) => each.id === payment)
    if (!released.has(id) && cents(capture?.held) === 0n && takenBack.minor < amount.minor) {
      sum += amount.minor - takenBack.minor
    }
  }
  return sum
}

/** What is held for the seller at PayPal, and was let go of before it was owed, is what the books have transferred. */
export async function expectSellersAgreement(sandbox: Sandbox, { account }: Sales, ledger: Ledger): Promise<void> {
  const code = `gateway:paypal:linked:${SELLER}`
  const [linked] = await all(ledger.accounts.list({ prefix: code, currency: 'USD' }))
  const held = sandbox.paypal.balances()[`held:${account}`]?.USD ?? 0n
  expect((linked?.balance.minor ?? 0n) - held).toBe(await letGo(sandbox, ledger))
}
