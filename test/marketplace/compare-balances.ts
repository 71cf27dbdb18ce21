import type { Sandbox } from '@escrow-ledger/sandbox'
import type { Ledger } from 'escrow-ledger'
import { expect } from 'vitest'
import { all, expectClean } from '../fixtures/balances.js'

/** What the gateways hold, by the ledger's accounts, in minor units; accounts at zero are left out. */
function heldByGateways({ razorpay, paypal }: Sandbox, linked: ReadonlyMap<string, string>): Record<string, bigint> {
  const { clearing, payouts, linked: accounts } = razorpay.balances()
  const held: Record<string, bigint> = {
    'gateway:razorpay:clearing INR': clearing,
    'gateway:razorpay:payouts INR': payouts,
    ...Object.fromEntries(
      Object.entries(accounts).map(([id, amount]) => [`gateway:razorpay:linked:${linked.get(id) ?? id} INR`, amount]),
    ),
    ...Object.fromEntries(
      Object.entries(balanceOfPayPal(paypal)).map(([currency, amount]) => [
        `gateway:paypal:clearing ${currency}`,
        amount,
      ]),
    ),
  }
  return Object.fromEntries(Object.entries(held).filter(([, amount]) => amount !== 0n))
}

/** What is kept back for a dispute is still in the account. */
export function balanceOfPayPal(paypal: Sandbox['paypal']): Record<string, bigint> {
  const { [`balance:${paypal.merchantId}`]: free = {}, [`disputed:${paypal.merchantId}`]: kept = {} } =
    paypal.balances()
  const currencies = [...new Set([...Object.keys(free), ...Object.keys(kept)])]
  return Object.fromEntries(currencies.map((each) => [each, (free[each] ?? 0n) + (kept[each] ?? 0n)]))
}

/** What the books say that the gateways hold; what PayPal holds for sellers is compared by itself. */
async function heldByLedger(ledger: Ledger): Promise<Record<string, bigint>> {
  const held: Record<string, bigint> = {}
  for (const account of await all(ledger.accounts.list())) {
    const { code, currency, balance } = account
    const atGateway = /^gateway:(razorpay:(clearing|payouts|linked:)|paypal:clearing)/.test(code)
    if (atGateway && balance.minor !== 0n) held[`${code} ${currency}`] = balance.minor
  }
  return held
}

/** Every balance that the gateways have is the ledger's, to the last unit, and the books recompute. */
export async function expectAgreement(
  sandbox: Sandbox,
  ledger: Ledger,
  linked: ReadonlyMap<string, string>,
): Promise<void> {
  expect(await heldByLedger(ledger)).toEqual(heldByGateways(sandbox, linked))
  await expectClean(ledger)
}
