import { type AccountView, chartRule, isPositive, type Ledger } from 'escrow-ledger'

/** The payable accounts that owe their payees something. After a payday it is what was not sent, as below a gateway's minimum. */
export async function* owedToPayees(ledger: Ledger): AsyncGenerator<AccountView> {
  for await (const account of ledger.accounts.list({ prefix: 'payee:' })) {
    if (chartRule(account.code)?.pattern === 'payee:*:payable' && isPositive(account.balance)) yield account
  }
}
