import type { Sandbox } from '@escrow-ledger/sandbox'
import { money } from 'escrow-ledger'

/** A record of the sandbox's PayPal, with amounts as `USD 10.99`. */
export type Shown = Readonly<Record<string, string>>
export type State = Readonly<Record<'captures' | 'refunds' | 'payouts' | 'disputes', readonly Shown[]>>

export async function stateOfPayPal({ url }: Pick<Sandbox['paypal'], 'url'>): Promise<State> {
  return (await (await fetch(`${url}/sandbox/state/paypal`)).json()) as State
}

/** Cents of an amount that is shown as `USD 10.99`; zero where none is shown. */
export function cents(shown: string | undefined): bigint {
  const [currency = '', amount = ''] = (shown ?? '').split(' ')
  return amount === '' ? 0n : money(amount, currency).minor
}
