import { money } from 'escrow-ledger'
import { expect, test } from 'vitest'
import { balances, expectClean } from '../fixtures/balances.js'
import { deal } from '../fixtures/deals.js'
import { open } from './open-paypal.js'

const usd = (amount: string) => money(amount, 'USD')

test('an authorisation that is let go of before its capture leaves no money anywhere', async () => {
  const { ledger, sandbox, gateway, carryOn } = await open({ intent: 'AUTHORIZE' })
  const { paypal } = sandbox
  await ledger.escrows.open(deal('s', usd('100.00')))
  const { gatewayReference } = await ledger.orders.create({ id: 'o', escrow: 's', gateway: 'paypal' })
  paypal.approve(gatewayReference ?? '')
  // It is authorised, and not captured yet.
  const fault = { kind: 'errorBefore', status: 503 } as const
  sandbox.faults.plan({ gateway: 'paypal', operation: 'captureAuthorization', fault, times: 1_000 })
  await carryOn()
  const authorizations = async () =>
    ((await (await fetch(`${paypal.url}/sandbox/state/paypal`)).json()) as { authorizations: Record<string, string>[] })
      .authorizations
  const [authorized] = await authorizations()
  expect(authorized).toMatchObject({ status: 'CREATED' })
  await gateway.authorizations.void(authorized?.id ?? '')
  sandbox.faults.clear()
  await carryOn()
  await carryOn()
  expect(await authorizations()).toEqual([expect.objectContaining({ status: 'VOIDED', captured: 'USD 0.00' })])
  expect(await ledger.orders.get('o')).toMatchObject({ state: 'failed' })
  expect(await ledger.escrows.get('s')).toMatchObject({ status: 'opened', funded: usd('0.00') })
  const left = await ledger.instructions
    .list({ state: ['recorded', 'sending', 'accepted', 'unknown', 'waiting'] })
    .page({ limit: 5 })
  expect(left.items).toEqual([])
  expect(paypal.balances()['outside:payers'] ?? {}).toEqual({})
  expect(await balances(ledger)).toEqual({})
  await expectClean(ledger)
})
