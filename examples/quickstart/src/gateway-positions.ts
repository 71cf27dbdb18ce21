import { fromMinor, type Ledger, type Money, subtract, zero } from 'escrow-ledger'
import { showAmount } from './amounts.js'
import type { Position } from './sandbox-gateway.js'
import { table } from './table.js'

/** What the gateway itself says it holds and took, beside the ledger's accounts for it. */
export async function gatewayPositions(
  ledger: Ledger,
  { gateway, positions }: { readonly gateway: string; readonly positions: readonly Position[] },
): Promise<{ agree: boolean; lines: string[] }> {
  const booked = new Map<string, Money>()
  for await (const { code, currency, balance } of ledger.accounts.list({ prefix: `gateway:${gateway}:` })) {
    booked.set(`${currency} ${code}`, balance)
  }
  const compared = positions.map(({ title, account, currency, minor }) => {
    const here = booked.get(`${currency} ${account}`) ?? zero(currency)
    const there = fromMinor(minor, currency)
    return { title, account, currency, there, here, difference: subtract(there, here) }
  })
  const lines = table(
    [
      { title: `At ${gateway}` },
      { title: 'Account in the books' },
      { title: '' },
      { title: 'There', align: 'right' },
      { title: 'Here', align: 'right' },
      { title: 'Difference', align: 'right' },
    ],
    compared.map(({ title, account, currency, there, here, difference }) => [
      ...[title, account, currency],
      ...[there, here, difference].map(showAmount),
    ]),
  )
  return { agree: compared.every(({ difference }) => difference.minor === 0n), lines }
}
