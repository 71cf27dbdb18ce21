import { money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { openGateway } from './open-gateway.js'

const inr = (amount: string) => money(amount, 'INR')
const day = 86_400_000
const referenceIn = (outcome: object): string => ('reference' in outcome ? String(outcome.reference) : '')

/** A transfer of 800.00 out of a payment of 1000.00, held at the linked account. */
async function heldTransfer() {
  const opened = await openGateway()
  const { callOf, send, paid, linkedAccount } = opened
  const destination = await linkedAccount()
  const { payment } = await paid('1000.00')
  const call = callOf('transfer', { amount: '800.00', payment, destination, hold: 'indefinite' })
  const sent = await send(call)
  return { ...opened, destination, payment, call, sent, transfer: referenceIn(sent) }
}

describe('a transfer', () => {
  test('out of a payment is accepted, then processed with its fee', async () => {
    const { call, sent, transfer, ask, clock, requests, destination } = await heldTransfer()
    expect(sent).toEqual({ outcome: 'accepted', reference: expect.stringMatching(/^trf_/) })
    expect(JSON.parse(requests('createPaymentTransfers')[0]?.body ?? '')).toEqual({
      transfers: [
        {
          ...{ account: destination, amount: 80_000, currency: 'INR', on_hold: true },
          notes: { key: call.key, escrow: 's1' },
        },
      ],
    })
    expect(await ask(call)).toEqual(sent)
    await clock.advance(1000)
    const fee = { fee: inr('2.36'), tax: inr('0.36') }
    const processed = { outcome: 'processed', reference: transfer, at: clock.now(), fee }
    expect(await ask(call)).toEqual(processed)
    expect(await ask({ ...call, reference: transfer })).toEqual(processed)
  })

  test('whose answer was lost is found by its key, out of a payment or the balance', async () => {
    const { callOf, send, ask, paid, linkedAccount, sandbox, clock } = await openGateway()
    const destination = await linkedAccount()
    const { payment } = await paid('1000.00')
    for (const given of [{ payment, destination }, { destination }]) {
      for (let count = 0; count < 3; count += 1) await send(callOf('transfer', { amount: '1.00', ...given }))
      const call = callOf('transfer', { amount: '80.00', ...given })
      expect(await ask(call)).toEqual({ outcome: 'absent' })
      const operation = given.payment ? 'createPaymentTransfers' : 'createTransfer'
      sandbox.faults.plan({ gateway: 'razorpay', operation, fault: { kind: 'resetAfter' } })
      expect(await send(call)).toMatchObject({ outcome: 'unknown' })
      await clock.advance(day)
      expect(await ask(call)).toMatchObject({ outcome: 'processed', fee: { fee: inr('0.24'), tax: inr('0.04') } })
    }
  })

  test('out of the balance carries its key', async () => {
    const { callOf, send, paid, linkedAccount, razorpay, requests } = await openGateway()
    const destination = await linkedAccount()
    await paid('1000.00')
    const call = callOf('transfer', { amount: '100.00', destination })
    const sent = await send(call)
    expect(sent).toMatchObject({ outcome: 'processed', fee: { fee: inr('0.30'), tax: inr('0.05') } })
    expect(await send(call)).toEqual(sent)
    expect(requests('createTransfer')[0]?.headers).toMatchObject({ 'x-transfer-idempotency': call.key })
    expect(razorpay.balances().linked).toEqual({ [destination]: 10_000n })
  })

  test('is held until the second after an instant', async () => {
    const { callOf, send, paid, linkedAccount, clock, requests } = await openGateway()
    const destination = await linkedAccount()
    const { payment } = await paid('1000.00')
    const until = clock.now() + 7_200_001
    await send(callOf('transfer', { amount: '10.00', payment, destination, hold: { until } }))
    expect(JSON.parse(requests('createPaymentTransfers')[0]?.body ?? '')).toMatchObject({
      transfers: [{ on_hold: true, on_hold_until: Math.ceil(until / 1000) }],
    })
  })

  test('waits for money, and for an account that is not active yet', async () => {
    const { callOf, send, paid, linkedAccount, razorpay } = await openGateway()
    const destination = await linkedAccount()
    const { payment } = await paid('1000.00')
    expect(await send(callOf('transfer', { amount: '999.00', payment, destination }))).toMatchObject({
      ...{ outcome: 'waiting', reason: expect.stringContaining('insufficient balance') },
    })
    razorpay.askAccount(destination, 'legal_info.pan')
    expect(await send(callOf('transfer', { amount: '1.00', payment, destination }))).toMatchObject({
      ...{ outcome: 'waiting', reason: expect.stringContaining('not activated') },
    })
  })

  test('that fails, is to nobody, or is of another currency is refused', async () => {
    const { callOf, ask, send, call, transfer, razorpay, payment } = await heldTransfer()
    razorpay.failTransfer(transfer)
    expect(await ask(call)).toMatchObject({ outcome: 'refused', reason: 'Transfer failed' })
    const unknown = callOf('transfer', { amount: '1.00', payment, destination: 'acc_00000000000000' })
    expect(await send(unknown)).toMatchObject({ outcome: 'refused', code: 'BAD_REQUEST_ERROR' })
    const { destination } = call
    expect(await send(callOf('transfer', { amount: '1.00', currency: 'USD', destination }))).toMatchObject({
      ...{ outcome: 'refused', reason: expect.stringContaining('only in INR') },
    })
  })
})

describe('a release', () => {
  test('is accepted when the hold is gone, and processed when the bank has the money', async () => {
    const { callOf, send, ask, transfer, clock } = await heldTransfer()
    await clock.advance(1000)
    const call = callOf('release', { amount: '800.00', transfer })
    expect(await ask(call)).toEqual({ outcome: 'absent' })
    expect(await send(call)).toEqual({ outcome: 'accepted', reference: transfer })
    expect(await ask(call)).toEqual({ outcome: 'accepted', reference: transfer })
    await clock.advance(3 * day)
    const settled = { outcome: 'processed', reference: expect.stringMatching(/^setl_/) }
    expect(await ask(call)).toEqual(settled)
    // Razorpay refuses to change a hold after that; it was done.
    expect(await send(call)).toEqual(settled)
  })

  test('of what was taken back is refused', async () => {
    const { callOf, send, ask, transfer, clock } = await heldTransfer()
    await clock.advance(1000)
    await send(callOf('reversal', { amount: '800.00', transfer }))
    expect(await ask(callOf('release', { amount: '800.00', transfer }))).toMatchObject({
      ...{ outcome: 'refused', code: 'transfer_reversed' },
    })
  })
})

describe('a reversal', () => {
  test('is processed at once, and found by its key', async () => {
    const {
      callOf,
      send,
      ask,
      transfer,
      call: transferred,
      clock,
      sandbox,
      razorpay,
      destination,
    } = await heldTransfer()
    await clock.advance(1000)
    const call = callOf('reversal', { amount: '200.00', transfer })
    expect(await ask(call)).toEqual({ outcome: 'absent' })
    sandbox.faults.plan({ gateway: 'razorpay', operation: 'createReversal', fault: { kind: 'resetAfter' } })
    expect(await send(call)).toMatchObject({ outcome: 'unknown' })
    const found = await ask(call)
    expect(found).toEqual({ outcome: 'processed', reference: expect.stringMatching(/^rvrsl_/), at: clock.now() })
    expect(razorpay.balances().linked).toEqual({ [destination]: 60_000n })
    expect(await ask(transferred)).toMatchObject({ outcome: 'processed' })
    const second = await send(callOf('reversal', { amount: '100.00', transfer }))
    expect(second).toMatchObject({ outcome: 'processed' })
    expect(referenceIn(second)).not.toBe(referenceIn(found))
  })

  test('waits while the linked account has not the money, and is refused beyond the transfer', async () => {
    const { callOf, send, transfer, clock } = await heldTransfer()
    await clock.advance(1000)
    expect(await send(callOf('reversal', { amount: '800.01', transfer }))).toMatchObject({ outcome: 'refused' })
    await send(callOf('release', { amount: '800.00', transfer }))
    await clock.advance(3 * day)
    expect(await send(callOf('reversal', { amount: '200.00', transfer }))).toMatchObject({
      ...{ outcome: 'waiting', reason: expect.stringContaining('sufficient balance') },
    })
  })
})
