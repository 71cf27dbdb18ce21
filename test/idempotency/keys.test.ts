import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { deal, fundedDeal, inr, owe, paymentOf } from '../fixtures/deals.js'
import { codeOf, tallyOf } from '../fixtures/outcomes.js'
import { storages } from '../fixtures/storages.js'

const key = { idempotencyKey: 'the-key' }
const tenRupees = {
  postings: [
    { account: 'bank:hdfc', debit: inr('10.00') },
    { account: 'opening-balances', credit: inr('10.00') },
  ],
}
const fiveRupees = {
  postings: [
    { account: 'bank:hdfc', debit: inr('5.00') },
    { account: 'opening-balances', credit: inr('5.00') },
  ],
}

describe.each(storages)('one key, on $name', ({ openLedger }) => {
  test('has one effect when many callers use it at once', async () => {
    const { ledger } = await openLedger()
    const answers = await Promise.all(Array.from({ length: 32 }, () => ledger.journal.post(tenRupees, key)))
    expect(answers.filter((answer) => !answer.replayed)).toHaveLength(1)
    expect(new Set(answers.map((answer) => answer.entry.id)).size).toBe(1)
    expect(await balances(ledger)).toEqual({ 'bank:hdfc INR': '10.00', 'opening-balances INR': '10.00' })
  })

  test('has one effect when its callers fall into different batches', async () => {
    const { ledger } = await openLedger({ limits: { maxBatch: 2 } })
    const calls = Array.from({ length: 9 }, () => ledger.journal.post(tenRupees, key))
    const ids = (await Promise.all(calls)).map((answer) => answer.entry.id)
    expect(new Set(ids).size).toBe(1)
    expect(await all(ledger.journal.list())).toHaveLength(1)
  })

  test('belongs to one book', async () => {
    const { ledger } = await openLedger()
    const { entry } = await ledger.journal.post(tenRupees, key)
    const other = await ledger.book('eu').journal.post(tenRupees, key)
    expect(other.replayed).toBe(false)
    expect(other.entry.id).not.toBe(entry.id)
  })

  test('is compared exactly', async () => {
    const { ledger } = await openLedger()
    const keys = ['a', 'A', 'a ', 'á', 'a\u0301', '\u{1f600}', '\uff5e']
    const answers = await Promise.all(keys.map((idempotencyKey) => ledger.journal.post(tenRupees, { idempotencyKey })))
    expect(answers.map((answer) => answer.replayed)).toEqual(keys.map(() => false))
  })

  test.each(['', 'x'.repeat(256), 'nul\u0000', '\ud800'])('that is no proper text (%j) is refused', async (text) => {
    const { ledger } = await openLedger()
    expect(await codeOf(ledger.journal.post(tenRupees, { idempotencyKey: text }))).toBe('invalid_input')
    expect(await codeOf(ledger.journal.post(tenRupees, { actor: text }))).toBe('invalid_input')
  })
})

describe.each(storages)('a key that was used for another request, on $name', ({ openLedger }) => {
  test('is refused in a later batch', async () => {
    const { ledger } = await openLedger()
    await ledger.journal.post(tenRupees, key)
    await expect(ledger.journal.post(fiveRupees, key)).rejects.toMatchObject({
      code: 'idempotency_key_reused',
      idempotencyKey: 'the-key',
    })
  })

  test('is refused in the same batch, and the first request wins', async () => {
    const { ledger } = await openLedger()
    const calls = [ledger.journal.post(tenRupees, key), ledger.journal.post(fiveRupees, key)]
    expect(await Promise.all(calls.map(codeOf))).toEqual(['ok', 'idempotency_key_reused'])
    expect(await balances(ledger)).toMatchObject({ 'bank:hdfc INR': '10.00' })
  })

  test('is refused for another command with the same input', async () => {
    const { ledger } = await openLedger()
    await fundedDeal(ledger, 's')
    await ledger.escrows.deliver({ id: 's' }, key)
    expect(await codeOf(ledger.escrows.complete({ id: 's' }, key))).toBe('idempotency_key_reused')
  })

  test('is refused for what was given where the first request left it out', async () => {
    const { ledger, clock } = await openLedger()
    await fundedDeal(ledger, 's')
    await ledger.escrows.complete({ id: 's' }, key)
    expect(await codeOf(ledger.escrows.complete({ id: 's', at: clock.now }, key))).toBe('idempotency_key_reused')
  })
})

describe.each(storages)('a refused attempt leaves its key free, on $name', ({ openLedger }) => {
  test('for the same request, once nothing speaks against it', async () => {
    const { ledger } = await openLedger()
    const payout = { id: 'po', payee: 'priya', amount: inr('10.00'), gateway: 'razorpay' }
    expect(await codeOf(ledger.payouts.request(payout, key))).toBe('insufficient_funds')
    await owe(ledger, 'priya', inr('10.00'))
    expect(await ledger.payouts.request(payout, key)).toMatchObject({ replayed: false, state: 'recorded' })
  })

  test('for another request', async () => {
    const { ledger } = await openLedger()
    expect(await codeOf(ledger.escrows.complete({ id: 's' }, key))).toBe('escrow_not_found')
    expect(await ledger.escrows.open(deal('s'), key)).toMatchObject({ replayed: false })
  })

  test('in the same batch', async () => {
    const { ledger } = await openLedger()
    const refused = ledger.escrows.complete({ id: 's' }, key)
    const opened = ledger.escrows.open(deal('s'), key)
    expect(await codeOf(refused)).toBe('escrow_not_found')
    expect(await opened).toMatchObject({ replayed: false })
  })
})

describe.each(storages)('a fact under another key, on $name', ({ openLedger }) => {
  test('of the same payment is answered with the first result', async () => {
    const { ledger } = await openLedger()
    await ledger.escrows.open(deal('s'))
    const fact = { id: 's', amount: inr('1200.00'), ...paymentOf('s') }
    const first = await ledger.escrows.fund(fact, { idempotencyKey: 'webhook' })
    const again = await ledger.escrows.fund(fact, { idempotencyKey: 'poller' })
    expect(again).toEqual({ ...first, replayed: true })
    expect(first).toMatchObject({ allocated: inr('1000.00'), excess: { amount: inr('200.00'), reason: 'overfunded' } })
    await expectClean(ledger)
  })

  test('that arrives many times at once is posted once', async () => {
    const { ledger } = await openLedger()
    await ledger.escrows.open(deal('s'))
    const fact = { id: 's', amount: inr('1000.00'), ...paymentOf('s') }
    const answers = await Promise.all(Array.from({ length: 32 }, () => ledger.escrows.fund(fact)))
    expect(answers.filter((answer) => !answer.replayed)).toHaveLength(1)
    expect(await balances(ledger)).toEqual({ 'escrow:s INR': '1000.00', 'gateway:razorpay:clearing INR': '1000.00' })
  })

  test('with another amount contradicts it', async () => {
    const { ledger } = await openLedger()
    await fundedDeal(ledger, 's')
    const other = ledger.escrows.fund({ id: 's', amount: inr('999.00'), ...paymentOf('s') })
    expect(await codeOf(other)).toBe('payment_mismatch')
  })

  test('of the same fee is answered with the first result, and contradicted by other amounts', async () => {
    const { ledger } = await openLedger()
    const fee = { ...paymentOf('s'), fee: inr('23.60'), tax: inr('3.60') }
    const calls = Array.from({ length: 8 }, (_, index) => ledger.payments.fee(fee, { idempotencyKey: `fee-${index}` }))
    const answers = await Promise.all(calls)
    expect(answers.filter((answer) => !answer.replayed)).toHaveLength(1)
    expect(answers.map((answer) => answer.entries)).toEqual(answers.map(() => answers[0]?.entries))
    expect(await codeOf(ledger.payments.fee({ ...fee, tax: inr('0.00') }))).toBe('fee_mismatch')
    expect(await balances(ledger)).toMatchObject({ 'gateway:razorpay:fees INR': '20.00' })
  })

  test('of the same outcome of an instruction is answered again', async () => {
    const { ledger } = await openLedger()
    await owe(ledger, 'priya', inr('10.00'))
    await ledger.payouts.request({ id: 'po', payee: 'priya', amount: inr('10.00'), gateway: 'razorpay' })
    const confirm = (reference: string) => ledger.instructions.confirm({ id: 'payout:po', reference })
    expect(await tallyOf(Array.from({ length: 8 }, () => confirm('utr-1')))).toEqual({ ok: 8 })
    expect(await codeOf(confirm('utr-2'))).toBe('instruction_state')
    expect(await all(ledger.journal.list({ kind: 'payout_processed' }))).toHaveLength(1)
    await expectClean(ledger)
  })
})
