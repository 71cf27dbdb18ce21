import { expect, test } from 'vitest'
import { expectClean } from '../fixtures/balances.js'
import { deal, inr, owe, paymentOf } from '../fixtures/deals.js'
import { openLedger } from '../fixtures/open-ledger.js'

/** What a program writes that fills in one call for both ways to fund. */
const either = (input: object) =>
  input as Parameters<Awaited<ReturnType<typeof openLedger>>['ledger']['escrows']['fund']>[0]

test('funding by a payment takes an account that is undefined for one that is left out', async () => {
  const { ledger } = await openLedger()
  await ledger.escrows.open(deal('s'))
  const input = { id: 's', amount: inr('1000.00'), ...paymentOf('s') }
  const options = { idempotencyKey: 'fund-s' }
  const first = await ledger.escrows.fund(either({ ...input, from: undefined, fee: undefined }), options)
  expect(first).toMatchObject({ escrow: { status: 'funded' }, replayed: false })
  expect(await ledger.escrows.fund(input, options)).toMatchObject({ escrow: { status: 'funded' }, replayed: true })
})

test('funding from credit takes a payment that is undefined for one that is left out', async () => {
  const { ledger } = await openLedger()
  await ledger.escrows.open(deal('s'))
  await owe(ledger, 'chen', inr('1000.00'))
  const credit = { id: 's', amount: inr('1000.00'), from: 'payee:chen:payable' }
  const input = { ...credit, gateway: undefined, reference: undefined, received: undefined }
  expect(await ledger.escrows.fund(either(input))).toMatchObject({ escrow: { status: 'funded' } })
  await expectClean(ledger)
})

test.each([
  [
    'neither',
    { id: 's', amount: inr('1.00') },
    'gateway must be a text, not undefined; reference must be a text, not undefined',
  ],
  [
    'both',
    { id: 's', amount: inr('1.00'), from: 'a', ...paymentOf('s') },
    'it must not have "gateway" or "reference": leave that out',
  ],
  [
    'null',
    { id: 's', amount: inr('1.00'), from: null, ...paymentOf('s') },
    'from must be a text, not null; it must not have "gateway" or "reference": leave that out',
  ],
])('funding by %s is refused', async (_, input, says) => {
  const { ledger } = await openLedger()
  const funding = ledger.escrows.fund(either(input))
  await expect(funding).rejects.toMatchObject({ code: 'invalid_input', message: `The input is not valid: ${says}.` })
})
