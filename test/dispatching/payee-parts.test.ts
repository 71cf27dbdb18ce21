import type { Gateway, GatewayClawback, GatewayPayment, InstructionKind, Operation } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { balances, expectClean } from '../fixtures/balances.js'
import { captured } from '../fixtures/captured-payment.js'
import { deal, inr, owe } from '../fixtures/deals.js'
import { DAY, HOUR, MINUTE, START } from '../fixtures/open-ledger.js'
import { scriptedGateway } from '../fixtures/scripted-gateway.js'
import { type StorageUnderTest, storages } from '../fixtures/storages.js'

const asked: Operation = { resendWindowMs: HOUR, askedBy: 'key', absenceIsFinal: true }
const operations: Gateway['operations'] = {
  ...{ order: asked, refund: asked, release: asked },
  transfer: { ...asked, comesWith: 'payment' },
  reversal: { ...asked, comesWith: 'refund' },
}

/** A payment of 1,000.00 of which the gateway keeps 23.60 and the platform 200.00: the payee got the rest. */
const divided: GatewayPayment = {
  ...captured,
  payeePart: { account: 'acc_priya', amount: inr('776.40'), heldUntil: START + 28 * DAY },
}

/** A deal whose payer has paid a gateway that divides payments by itself. */
async function paid(
  { openLedger }: StorageUnderTest,
  accounts = new Map([['priya', 'acc_priya']]),
  clawbacks?: Gateway['clawbacks'],
) {
  const destinationOf = async (payee: string, kind: InstructionKind) =>
    kind === 'transfer' ? (accounts.get(payee) ?? null) : null
  const scripted = scriptedGateway({}, { destinationOf, operations, clawbacks })
  const opened = await openLedger({ gateways: { razorpay: scripted.gateway } })
  const { ledger, clock } = opened
  const { script } = scripted
  await ledger.escrows.open(deal('s'))
  script.send = { outcome: 'accepted', reference: 'order_1', awaits: 'payer' }
  await ledger.orders.create({ id: 'o', escrow: 's', gateway: 'razorpay' })
  script.ask = { outcome: 'processed', reference: 'order_1', payments: [divided] }
  /** Lets time pass and dispatches, until what is due is done. */
  const carryOn = async (ms = HOUR) => {
    for (let times = 0; times < 3; times += 1) {
      clock.now += ms
      await ledger.instructions.dispatch()
    }
  }
  await carryOn(MINUTE)
  /** Refunds an amount of which the payee's account gives a part. */
  const refund = async (amount: string, part: string) => {
    script.send = { outcome: 'processed', reference: `rfnd_${amount}`, payeePart: inr(part) }
    script.ask = script.send
    await ledger.escrows.refund({ id: 's', amount: inr(amount) })
    await ledger.instructions.dispatch()
  }
  return { ...opened, ...scripted, accounts, carryOn, refund, transfer: () => ledger.transfers.get('pay_1') }
}

describe.each(storages)('on $name', (storage) => {
  test("a dispute that takes ever more takes the payee's part of that from the payee", async () => {
    const known: { dispute: GatewayClawback | null } = { dispute: null }
    const { ledger } = await paid(storage, undefined, {
      fetch: async () => known.dispute,
      async *list() {
        yield { kind: 'dispute', reference: 'disp_1', key: null }
      },
    })
    for (const amount of ['100.00', '250.00', '250.00']) {
      const about = { kind: 'dispute', reference: 'disp_1', payment: 'pay_1', key: null } as const
      const taken = inr(amount)
      known.dispute = { ...about, taken, payeePart: taken, final: false, fee: null, at: START }
      expect(await ledger.clawbacks.poll()).toMatchObject({ posted: 1, contradicted: [] })
    }
    // The payee's own account gave all of it, so the platform has what it had.
    expect(await balances(ledger)).toMatchObject({
      'gateway:razorpay:clearing INR': '200.00',
      'gateway:razorpay:linked:priya INR': '526.40',
      'suspense:razorpay INR': '-250.00',
    })
    await expectClean(ledger)
    // What it gives back, the payee's own account has: posting it to the clearing account would be wrong.
    const before = await balances(ledger)
    if (known.dispute) known.dispute = { ...known.dispute, taken: inr('0.00'), payeePart: inr('0.00'), final: true }
    const reason = "dispute disp_1 gave 250.00 INR back to the payee's own account"
    expect(await ledger.clawbacks.poll()).toMatchObject({ posted: 0, contradicted: [{ reference: 'disp_1', reason }] })
    expect(await balances(ledger)).toEqual(before)
    await expectClean(ledger)
  })

  test('two who are told differently what a dispute takes take all of it from the payee, and nothing twice', async () => {
    const answers = ['100.00', '250.00', '250.00']
    const about = { kind: 'dispute', reference: 'disp_1', payment: 'pay_1', key: null, fee: null } as const
    const { ledger } = await paid(storage, undefined, {
      async fetch() {
        const taken = inr(answers.shift() ?? '250.00')
        return { ...about, taken, payeePart: taken, final: answers.length === 1, at: START }
      },
      async *list() {
        yield { kind: 'dispute', reference: 'disp_1', key: null }
      },
    })
    await Promise.all([ledger.clawbacks.poll(), ledger.clawbacks.poll()])
    await ledger.clawbacks.poll()
    expect(await balances(ledger)).toMatchObject({
      'gateway:razorpay:clearing INR': '200.00',
      'gateway:razorpay:linked:priya INR': '526.40',
      'suspense:razorpay INR': '-250.00',
    })
    await expectClean(ledger)
  })

  describe('a payment that a gateway divides with a payee', () => {
    test('comes with a transfer to the account of the payee, which nobody asked for', async () => {
      const { ledger, sent, transfer } = await paid(storage)
      expect(await transfer()).toMatchObject({
        ...{ state: 'processed', party: 'priya', escrow: 's', payment: 'pay_1', gatewayReference: 'pay_1' },
        ...{ destination: 'acc_priya', amount: inr('776.40'), takenBack: inr('0.00'), nextAt: START + 28 * DAY },
      })
      expect(await balances(ledger)).toMatchObject({
        'gateway:razorpay:clearing INR': '200.00',
        'gateway:razorpay:linked:priya INR': '776.40',
        'escrow:s INR': '1000.00',
      })
      await ledger.orders.refresh('o')
      expect(await balances(ledger)).toMatchObject({ 'gateway:razorpay:linked:priya INR': '776.40' })
      expect(sent.map(({ kind }) => kind)).toEqual(['order'])
      await expectClean(ledger)
    })

    test('waits while nobody says whose account it is, and is posted when somebody does', async () => {
      const { ledger, accounts, carryOn } = await paid(storage, new Map())
      expect(await ledger.orders.get('o')).toMatchObject({
        state: 'accepted',
        reason: 'razorpay has paid the account acc_priya, which destinationOf names for no party of escrow s',
      })
      expect(await balances(ledger)).toEqual({})
      accounts.set('priya', 'acc_priya')
      await carryOn()
      expect(await ledger.orders.get('o')).toMatchObject({ state: 'processed' })
      accounts.clear()
      await ledger.orders.refresh('o')
      expect(await balances(ledger)).toMatchObject({ 'gateway:razorpay:linked:priya INR': '776.40' })
      await expectClean(ledger)
    })

    test('has no transfer or reversal by itself: both are refused, and it is said what they come with', async () => {
      const { ledger } = await paid(storage)
      const amount = inr('1.00')
      await expect(ledger.transfers.create({ id: 't', payee: 'priya', amount, gateway: 'razorpay' })).rejects.toThrow(
        'At razorpay a transfer comes with its payment',
      )
      await expect(ledger.transfers.reverse({ id: 'r', transfer: 'pay_1', amount })).rejects.toMatchObject({
        code: 'operation_unsupported',
        message: expect.stringContaining('comes with its refund'),
      })
    })
  })

  describe('a refund that the payee pays a part of', () => {
    test('takes it back from the transfer, and from the balance what the platform gives', async () => {
      const { ledger, refund, transfer } = await paid(storage)
      await refund('500.00', '400.00')
      expect(await balances(ledger)).toMatchObject({
        'gateway:razorpay:clearing INR': '100.00',
        'gateway:razorpay:linked:priya INR': '376.40',
        'escrow:s INR': '500.00',
      })
      expect(await transfer()).toMatchObject({ takenBack: inr('400.00') })
      expect(await ledger.instructions.get('reversal:rfnd_500.00')).toMatchObject({
        state: 'processed',
        party: 'priya',
      })
      await expectClean(ledger)
    })

    test('takes more than the payee had of it, which the payee is owed again', async () => {
      const { ledger, refund, transfer } = await paid(storage)
      await refund('1000.00', '800.00')
      expect(await balances(ledger)).toEqual({
        'gateway:razorpay:fees INR': '20.00',
        'gateway:razorpay:fee-tax INR': '3.60',
        'payee:priya:payable INR': '23.60',
      })
      expect(await transfer()).toMatchObject({ takenBack: inr('800.00') })
      await expect(ledger.transfers.release({ id: 'pay_1' })).rejects.toMatchObject({ code: 'instruction_state' })
      await expectClean(ledger)
    })

    test('after the release is paid by the payee, who is owed it', async () => {
      const { ledger, script, refund } = await paid(storage)
      await owe(ledger, 'priya', inr('776.40'))
      script.send = { outcome: 'processed', reference: 'release_1' }
      await ledger.transfers.release({ id: 'pay_1' })
      await ledger.instructions.dispatch()
      await refund('500.00', '400.00')
      expect(await balances(ledger)).toMatchObject({
        'gateway:razorpay:clearing INR': '100.00',
        'payee:priya:payable INR': '400.00',
      })
      await expectClean(ledger)
    })

    test.each([
      {
        what: 'succeeds',
        ends: { outcome: 'processed', reference: 'release_1' },
        linked: undefined,
        payable: '400.00',
      },
      { what: 'fails', ends: { outcome: 'refused', code: 'NO', reason: 'no' }, linked: '376.40', payable: '776.40' },
    ] as const)('waits for a release under way, which then $what', async ({ ends, linked, payable }) => {
      const { ledger, script, refund, carryOn } = await paid(storage)
      await owe(ledger, 'priya', inr('776.40'))
      script.send = { outcome: 'accepted', reference: 'release_1' }
      await ledger.transfers.release({ id: 'pay_1' })
      await ledger.instructions.dispatch()
      await refund('500.00', '400.00')
      const refunds = () => ledger.instructions.list({ kind: 'refund' }).page({ limit: 1 })
      expect((await refunds()).items[0]).toMatchObject({ state: 'unknown' })
      expect(await balances(ledger)).toMatchObject({ 'gateway:razorpay:clearing INR': '200.00' })
      const refunded = script.ask
      script.ask = (call) => (call.kind === 'release' ? ends : (refunded as typeof ends))
      script.send = script.ask
      await carryOn(2 * HOUR)
      expect((await refunds()).items[0]).toMatchObject({ state: 'processed' })
      const after = await balances(ledger)
      expect(after['gateway:razorpay:clearing INR']).toBe('100.00')
      expect(after['gateway:razorpay:linked:priya INR']).toBe(linked)
      expect(after['payee:priya:payable INR']).toBe(payable)
      await expectClean(ledger)
    })

    test('is told again after a crash, and counts once', async () => {
      const { ledger, database, refund, carryOn } = await paid(storage)
      const when = "NEW.kind = 'refund' AND NEW.state = 'processed'"
      await database.refuse({ table: 'ledger_instructions', on: 'UPDATE', when })
      await refund('500.00', '400.00').catch(() => undefined)
      expect(await balances(ledger)).toMatchObject({ 'gateway:razorpay:clearing INR': '600.00' })
      await database.allow()
      await carryOn(2 * HOUR)
      expect(await balances(ledger)).toMatchObject({
        'gateway:razorpay:clearing INR': '100.00',
        'gateway:razorpay:linked:priya INR': '376.40',
      })
      await expectClean(ledger)
    })
  })
})
