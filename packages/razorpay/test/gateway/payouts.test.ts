import { money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { openGateway } from './open-gateway.js'

const inr = (amount: string) => money(amount, 'INR')
const referenceIn = (outcome: object): string => ('reference' in outcome ? String(outcome.reference) : '')

describe('a payout', () => {
  test('is accepted until it is processed, with its fee', async () => {
    const { callOf, send, ask, fundAccount, razorpay, clock, gateway, context, requests } = await openGateway()
    razorpay.topUp(70_000n)
    expect(await gateway.payoutBalance?.(context)).toEqual(inr('700.00'))
    const destination = await fundAccount()
    const call = callOf('payout', { amount: '600.00', destination })
    const sent = await send(call)
    expect(sent).toEqual({ outcome: 'accepted', reference: expect.stringMatching(/^pout_/) })
    const [request] = requests('createPayout')
    expect(request?.headers).toMatchObject({ 'x-payout-idempotency': call.key })
    expect(JSON.parse(request?.body ?? '')).toEqual({
      ...{ account_number: razorpay.accountNumber, fund_account_id: destination, amount: 60_000, currency: 'INR' },
      ...{ mode: 'UPI', purpose: 'payout', queue_if_low_balance: true, reference_id: call.key },
      notes: { key: call.key, escrow: 's1' },
    })
    expect(await ask({ ...call, reference: referenceIn(sent) })).toEqual(sent)
    await clock.advance(60_000)
    expect(await ask({ ...call, reference: referenceIn(sent) })).toEqual({
      ...{ outcome: 'processed', reference: referenceIn(sent), fee: { fee: inr('5.90'), tax: inr('0.90') } },
    })
    expect(await gateway.payoutBalance?.()).toEqual(inr('94.10'))
  })

  test('has one effect however often it is sent, and is found by its key', async () => {
    const { callOf, send, ask, fundAccount, razorpay, sandbox, requests } = await openGateway()
    razorpay.topUp(200_000n)
    const call = callOf('payout', { amount: '600.00', destination: await fundAccount() })
    expect(await ask(call)).toEqual({ outcome: 'absent' })
    sandbox.faults.plan({ gateway: 'razorpay', operation: 'createPayout', fault: { kind: 'errorAfter', status: 502 } })
    expect(await send(call)).toMatchObject({ outcome: 'unknown', reason: expect.stringContaining('502') })
    const found = await ask(call)
    expect(await send(call)).toEqual(found)
    // Another request under the key is refused by Razorpay, and the payout that there is counts.
    expect(await send({ ...call, escrow: null })).toEqual(found)
    expect(razorpay.balances().inFlight.payouts).toBe(60_000n)
    expect(requests('fetchFundAccount')).toHaveLength(1)
  })

  test('comes back after it was processed, and keeps its fee', async () => {
    const { callOf, send, ask, fundAccount, razorpay, gateway } = await openGateway()
    razorpay.topUp(70_000n)
    const call = callOf('payout', { amount: '600.00', destination: await fundAccount() })
    const reference = referenceIn(await send(call))
    razorpay.processPayouts()
    razorpay.reversePayout(reference, 'bank_account_closed')
    expect(await ask({ ...call, reference })).toEqual({
      ...{ outcome: 'reversed', reference, reason: 'Payout failed as the beneficiary account is closed.' },
    })
    expect(gateway.operations.payout?.watchedMs).toBeGreaterThan(86_400_000)
  })

  test.each([
    ['fails', 'imps_not_allowed'],
    ['is rejected', 'payout_rejected'],
  ])('that %s is refused', async (how, code) => {
    const { callOf, send, ask, fundAccount, razorpay } = await openGateway({
      sandbox: { razorpay: { payoutApproval: how === 'is rejected' } },
    })
    razorpay.topUp(70_000n)
    const call = callOf('payout', { amount: '600.00', destination: await fundAccount() })
    const sent = await send(call)
    expect(sent).toMatchObject({ outcome: 'accepted' })
    if (how === 'fails') razorpay.failPayout(referenceIn(sent), code)
    else razorpay.rejectPayout(referenceIn(sent))
    expect(await ask(call)).toMatchObject({ outcome: 'refused', code })
  })

  test('is queued at Razorpay while the balance is too low, or waits here', async () => {
    const queued = await openGateway()
    const call = queued.callOf('payout', { amount: '600.00', destination: await queued.fundAccount() })
    const sent = await queued.send(call)
    expect(sent).toMatchObject({ outcome: 'accepted' })
    queued.razorpay.topUp(70_000n)
    await queued.clock.advance(60_000)
    expect(await queued.ask(call)).toMatchObject({ outcome: 'processed', reference: referenceIn(sent) })

    const waiting = await openGateway({
      payouts: { accountNumber: queued.razorpay.accountNumber, queueIfLowBalance: false },
    })
    const other = waiting.callOf('payout', { amount: '600.00', destination: await waiting.fundAccount() })
    expect(await waiting.send(other)).toMatchObject({ outcome: 'waiting' })
    waiting.razorpay.topUp(70_000n)
    expect(await waiting.send(other)).toMatchObject({ outcome: 'accepted' })
  })

  test.each([
    ['600.00', 'IMPS'],
    ['500000.00', 'IMPS'],
    ['500000.01', 'NEFT'],
  ])('of %s goes to a bank account by %s', async (amount, mode) => {
    const { callOf, send, gateway, context, razorpay, requests } = await openGateway()
    razorpay.topUp(100_000_000n)
    const contact = await gateway.fundAccounts.createContact({ payee: 'p1', name: 'Priya', type: 'vendor' }, context)
    const bankAccount = { name: 'Priya', ifsc: 'HDFC0000317', accountNumber: '1234567890' }
    const { reference, active } = await gateway.fundAccounts.create(contact.reference, { bankAccount })
    expect(active).toBe(true)
    expect(await gateway.fundAccounts.create(contact.reference, { bankAccount })).toEqual({ reference, active })
    expect(await send(callOf('payout', { amount, destination: reference }))).toMatchObject({ outcome: 'accepted' })
    expect(JSON.parse(requests('createPayout')[0]?.body ?? '')).toMatchObject({ mode })
  })

  test('goes as the options say', async () => {
    const { callOf, send, fundAccount, razorpay, requests } = await openGateway({
      payouts: { accountNumber: '7878780080316316', mode: () => 'UPI', purpose: 'vendor bill', narration: 'Coaching' },
    })
    razorpay.topUp(70_000n)
    await send(callOf('payout', { amount: '600.00', destination: await fundAccount() }))
    expect(JSON.parse(requests('createPayout')[0]?.body ?? '')).toMatchObject({
      ...{ mode: 'UPI', purpose: 'vendor bill', narration: 'Coaching' },
    })
    expect(requests('fetchFundAccount')).toEqual([])
  })

  test.each([
    ['is none', null],
    ['leads elsewhere', 'fa_/../../contacts'],
    ['is a linked account', 'acc_00000000000000'],
  ])('whose destination %s is refused before anything is sent', async (_, destination) => {
    const { callOf, send, exchanges } = await openGateway()
    expect(await send(callOf('payout', { amount: '600.00', destination }))).toMatchObject({
      ...{ outcome: 'refused', code: 'invalid_id' },
    })
    expect(exchanges).toEqual([])
  })

  test('is not offered without an account at RazorpayX', async () => {
    const { gateway, callOf, send } = await openGateway({ payouts: undefined })
    expect([gateway.operations.payout, gateway.payouts, gateway.payoutBalance]).toEqual([undefined, undefined, null])
    expect(await send(callOf('refund', { amount: '1.00', destination: 'fa_00000000000000' }))).toMatchObject({
      ...{ outcome: 'refused', code: 'payouts_not_set_up' },
    })
  })
})

test('the host says where payees are paid', async () => {
  const { gateway } = await openGateway({
    destinationOf: async (party, kind) => (kind === 'payout' ? `fa_${party}` : null),
  })
  expect(await gateway.destinationOf?.('p1', 'payout')).toBe('fa_p1')
  expect(await gateway.destinationOf?.('p1', 'transfer')).toBeNull()
  const silent = await openGateway()
  expect(await silent.gateway.destinationOf?.('p1', 'payout')).toBeNull()
  expect(silent.gateway.payouts).toBe('gateway:razorpay:payouts')
})
