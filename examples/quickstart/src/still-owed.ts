import { isPositive, type Ledger, type Money } from 'escrow-ledger'

export interface Owed {
  readonly account: string
  readonly amount: Money
}

/** What payees are owed, so that after a payday it is what was not sent: what is below the gateway's minimum, for one. */
export async function stillOwed(ledger: Ledger): Promise<Owed[]> {
  const owed: Owed[] = []
  for await (const { code, balance } of ledger.accounts.list({ prefix: 'payee:' })) {
    if (code.endsWith(':payable') && isPositive(balance)) owed.push({ account: code, amount: balance })
  }
  return owed
}
