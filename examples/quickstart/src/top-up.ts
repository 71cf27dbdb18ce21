import { add, exponentOf, fromMinor, isPositive, type Money, subtract, zero } from 'escrow-ledger'
import { owedToPayees } from './owed-to-payees.js'
import type { Place } from './place.js'

/** More than a gateway takes for a payout, in whole units of its currency, besides its part of the amount. */
const FEE_UNITS = 10n
const FEE_PARTS = 50n

/**
 * Before a payday: sends what payouts will need, their fees included, and what is not there yet, from the platform's bank to
 * the account that payouts leave from. At Razorpay that is an account of its own; at PayPal it is where payments arrive.
 */
export async function topUp({ ledger, there }: Place): Promise<void> {
  const needed = new Map<string, Money>()
  for await (const { currency, balance } of owedToPayees(ledger)) {
    const fee = fromMinor(balance.minor / FEE_PARTS + FEE_UNITS * 10n ** BigInt(exponentOf(currency)), currency)
    needed.set(currency, add(needed.get(currency) ?? zero(currency), add(balance, fee)))
  }
  for await (const { code, currency, balance } of ledger.accounts.list({ prefix: there.payoutsFrom })) {
    const before = needed.get(currency)
    if (before && code === there.payoutsFrom) needed.set(currency, subtract(before, balance))
  }
  for (const amount of [...needed.values()].filter(isPositive)) {
    there.topUp(amount)
    await ledger.journal.post({
      description: 'Money of the platform, to pay out from',
      postings: [
        { account: there.payoutsFrom, debit: amount },
        { account: 'opening-balances', credit: amount },
      ],
    })
  }
}
