import { type CallOptions, type Ledger, money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, expectClean } from '../fixtures/balances.js'
import { completedDeal, deal, fundedDeal, inr, owe, paymentOf } from '../fixtures/deals.js'
import { DAY, START } from '../fixtures/open-ledger.js'
import { storages } from '../fixtures/storages.js'

interface Answered {
  readonly replayed: boolean
}

interface Replay {
  readonly command: string
  readonly given?: (ledger: Ledger) => Promise<unknown>
  readonly call: (ledger: Ledger, options: CallOptions) => Promise<Answered>
}

const refundOf = async (ledger: Ledger, id: string): Promise<string> => {
  const [refund] = await all(ledger.instructions.list({ escrow: id }))
  return refund?.id ?? ''
}

const refunded = async (ledger: Ledger) => {
  await fundedDeal(ledger, 's')
  await ledger.escrows.refund({ id: 's' })
}

const requested = async (ledger: Ledger) => {
  await owe(ledger, 'priya', inr('10.00'))
  await ledger.payouts.request({ id: 'po', payee: 'priya', amount: inr('10.00'), gateway: 'razorpay' })
}

const suspended = async (ledger: Ledger) => {
  await ledger.escrows.open(deal('s'))
  await ledger.escrows.fund({ id: 'other', amount: inr('50.00'), ...paymentOf('s') })
}

const posting = {
  postings: [
    { account: 'bank:hdfc', debit: inr('5.00') },
    { account: 'opening-balances', credit: inr('5.00') },
  ],
  metadata: { note: 'one' },
}

/** One successful call of every command, in the state that it needs. */
const replays: readonly Replay[] = [
  { command: 'journal.post', call: (ledger, options) => ledger.journal.post(posting, options) },
  { command: 'journal.post of several', call: (ledger, options) => ledger.journal.post([posting, posting], options) },
  {
    command: 'journal.reverse',
    given: (ledger) => ledger.journal.post(posting),
    call: async (ledger, options) => {
      const [entry] = await all(ledger.journal.list())
      return ledger.journal.reverse({ entry: entry?.id ?? '', effectiveAt: START, reason: 'typo' }, options)
    },
  },
  { command: 'escrows.open', call: (ledger, options) => ledger.escrows.open(deal('s'), options) },
  {
    command: 'escrows.fund',
    given: (ledger) => ledger.escrows.open(deal('s')),
    call: (ledger, options) =>
      ledger.escrows.fund(
        { id: 's', amount: inr('1200.00'), ...paymentOf('s'), fee: { fee: inr('23.60'), tax: inr('3.60') } },
        options,
      ),
  },
  {
    command: 'escrows.fund from credit',
    given: async (ledger) => {
      await owe(ledger, 'chen', inr('10.00'))
      await ledger.escrows.open(deal('s'))
    },
    call: (ledger, options) =>
      ledger.escrows.fund({ id: 's', amount: inr('10.00'), from: 'payee:chen:payable' }, options),
  },
  {
    command: 'escrows.deliver',
    given: (ledger) => fundedDeal(ledger, 's'),
    call: (ledger, options) => ledger.escrows.deliver({ id: 's' }, options),
  },
  {
    command: 'escrows.measure',
    given: (ledger) => fundedDeal(ledger, 's'),
    call: (ledger, options) => ledger.escrows.measure({ id: 's', measures: { satisfaction: 2 } }, options),
  },
  {
    command: 'escrows.complete',
    given: (ledger) => fundedDeal(ledger, 's'),
    call: (ledger, options) => ledger.escrows.complete({ id: 's', measures: { satisfaction: 2 } }, options),
  },
  {
    command: 'escrows.settle',
    given: (ledger) => completedDeal(ledger, 's'),
    call: (ledger, options) => ledger.escrows.settle({ id: 's', early: { reason: 'agreed' } }, options),
  },
  {
    command: 'escrows.cancel',
    given: (ledger) => fundedDeal(ledger, 's'),
    call: (ledger, options) => ledger.escrows.cancel({ id: 's', reason: 'ill' }, options),
  },
  {
    command: 'escrows.refund',
    given: (ledger) => fundedDeal(ledger, 's'),
    call: (ledger, options) => ledger.escrows.refund({ id: 's', amount: inr('1.00') }, options),
  },
  {
    command: 'escrows.dispute',
    given: (ledger) => fundedDeal(ledger, 's'),
    call: (ledger, options) => ledger.escrows.dispute({ id: 's' }, options),
  },
  {
    command: 'escrows.resolve',
    given: async (ledger) => {
      await fundedDeal(ledger, 's')
      await ledger.escrows.dispute({ id: 's' })
    },
    call: (ledger, options) => ledger.escrows.resolve({ id: 's', outcome: { payer: inr('1.00') } }, options),
  },
  {
    command: 'payments.fee',
    call: (ledger, options) => ledger.payments.fee({ ...paymentOf('s'), fee: inr('23.60'), tax: inr('3.60') }, options),
  },
  {
    command: 'suspense.resolve',
    given: suspended,
    call: (ledger, options) =>
      ledger.suspense.resolve({ id: 'payment:razorpay:pay-s', allocate: { escrow: 's' } }, options),
  },
  {
    command: 'payouts.request',
    given: (ledger) => owe(ledger, 'priya', inr('10.00')),
    call: (ledger, options) =>
      ledger.payouts.request({ id: 'po', payee: 'priya', amount: inr('10.00'), gateway: 'razorpay' }, options),
  },
  {
    command: 'instructions.confirm',
    given: requested,
    call: (ledger, options) => ledger.instructions.confirm({ id: 'payout:po', reference: 'utr-1' }, options),
  },
  {
    command: 'instructions.fail',
    given: requested,
    call: (ledger, options) => ledger.instructions.fail({ id: 'payout:po', reason: 'no such account' }, options),
  },
  {
    command: 'instructions.cancel',
    given: requested,
    call: (ledger, options) => ledger.instructions.cancel({ id: 'payout:po' }, options),
  },
  {
    command: 'instructions.reverse',
    given: async (ledger) => {
      await requested(ledger)
      await ledger.instructions.confirm({ id: 'payout:po', reference: 'utr-1' })
    },
    call: (ledger, options) => ledger.instructions.reverse({ id: 'payout:po', reason: 'returned' }, options),
  },
  {
    command: 'instructions.resend',
    given: async (ledger) => {
      await refunded(ledger)
      await ledger.instructions.fail({ id: await refundOf(ledger, 's'), reason: 'card expired' })
    },
    call: async (ledger, options) =>
      ledger.instructions.resend({ id: await refundOf(ledger, 's'), gateway: 'manual' }, options),
  },
]

describe.each(storages)('a key that is known answers the first result again, on $name', ({ openLedger }) => {
  test.each(replays)('$command', async ({ given, call }) => {
    const { ledger, clock } = await openLedger()
    await given?.(ledger)
    const options = { idempotencyKey: 'the-key', actor: 'ops' }
    const first = await call(ledger, options)
    const entries = await all(ledger.journal.list())

    clock.now += DAY
    const second = await call(ledger, options)
    expect(first.replayed).toBe(false)
    expect(second.replayed).toBe(true)
    expect({ ...second, replayed: false }).toEqual(first)
    expect(await all(ledger.journal.list())).toEqual(entries)
    await expectClean(ledger)
  })

  test('whatever became of the deal meanwhile', async () => {
    const { ledger, clock } = await openLedger()
    const first = await ledger.escrows.open(deal('s'), { idempotencyKey: 'open' })
    await ledger.escrows.fund({ id: 's', amount: inr('1000.00'), ...paymentOf('s') })
    await ledger.escrows.complete({ id: 's' })
    clock.now += DAY
    await ledger.settlements.run()
    expect(await ledger.escrows.open(deal('s'), { idempotencyKey: 'open' })).toEqual({ ...first, replayed: true })
  })

  test('for accounts and books too, which do nothing a second time', async () => {
    const { ledger } = await openLedger()
    const code = 'wallet:chen'
    /** Does it, and gives what does it again. */
    async function keep(
      key: string,
      act: (options: CallOptions) => Promise<Answered>,
      between: () => Promise<unknown>,
    ) {
      const first = await act({ idempotencyKey: key })
      expect(first).toMatchObject({ entries: [], replayed: false })
      await between()
      expect(await act({ idempotencyKey: key })).toEqual({ ...first, replayed: true })
      return first
    }
    const opening = { code, currency: 'INR', type: 'liability', floor: inr('0.00') } as const
    const opened = await keep(
      'open',
      (options) => ledger.accounts.open(opening, options),
      () =>
        ledger.journal.post({
          postings: [
            { account: 'bank:hdfc', debit: inr('5.00') },
            { account: code, credit: inr('5.00') },
          ],
        }),
    )
    expect(opened).toMatchObject({
      balance: inr('0.00'),
      floor: inr('0.00'),
      ceiling: null,
      version: 0,
      openedAt: START,
    })
    const frozen = await keep(
      'freeze',
      (options) => ledger.accounts.freeze({ code, what: 'all' }, options),
      () =>
        keep(
          'unfreeze',
          (options) => ledger.accounts.unfreeze({ code }, options),
          async () => {},
        ),
    )
    expect(frozen).toMatchObject({ code, frozen: 'all', closed: false })
    expect((await ledger.accounts.get({ code, currency: 'INR' })).frozen).toBe(null)
    await ledger.accounts.open({ code: 'wallet:old', currency: 'INR', type: 'liability' })
    const closed = await keep(
      'close',
      (options) => ledger.accounts.close({ code: 'wallet:old' }, options),
      async () => {},
    )
    expect(closed).toMatchObject({ code: 'wallet:old', frozen: null, closed: true })
    const october = await keep(
      'october',
      (options) => ledger.books.close({ through: '2020-10-31' }, options),
      () => ledger.books.close({ through: '2020-11-30' }),
    )
    expect(october).toMatchObject({ name: 'main', closedThrough: '2020-10-31' })
    expect(await ledger.books.get()).toEqual({ name: 'main', timeZone: 'UTC', closedThrough: '2020-11-30' })
    const elsewhere = ledger.book('eu').books
    await keep(
      'zone',
      (options) => elsewhere.open({ timeZone: 'Asia/Kolkata' }, options),
      () => elsewhere.open({ timeZone: 'UTC' }),
    )
  })
})

describe.each(storages)('inputs that say the same are the same request, on $name', ({ openLedger }) => {
  test.each([
    ['trailing zeros', { amount: '1000.0', currency: 'INR' }, { amount: '1000.00', currency: 'INR' }],
    ['the order of fields', { currency: 'INR', amount: '1000.00' }, { amount: '1000.00', currency: 'INR' }],
    ['money and its wire form', money('1000.00', 'INR'), { amount: '1000', currency: 'INR' }],
  ])('%s', async (_, one, other) => {
    const { ledger } = await openLedger()
    await ledger.escrows.open(deal('s'))
    const fund = { id: 's', ...paymentOf('s') }
    const first = await ledger.escrows.fund({ ...fund, amount: one }, { idempotencyKey: 'fund' })
    const second = await ledger.escrows.fund({ amount: other, ...fund }, { idempotencyKey: 'fund' })
    expect(second).toEqual({ ...first, replayed: true })
  })

  test.each([
    [{ satisfaction: 2 }, { satisfaction: '2' }],
    [{ satisfaction: '2.50' }, { satisfaction: 2.5 }],
  ])('measures %j and %j', async (one, other) => {
    const { ledger } = await openLedger()
    await fundedDeal(ledger, 's')
    const first = await ledger.escrows.measure({ id: 's', measures: one }, { idempotencyKey: 'measure' })
    const second = await ledger.escrows.measure({ id: 's', measures: other }, { idempotencyKey: 'measure' })
    expect(second).toEqual({ ...first, replayed: true })
  })

  test('terms, however their decimals are written', async () => {
    const { ledger } = await openLedger()
    /** The same terms, with so many zeros after each decimal. */
    const agreed = (zeros: string) => ({
      step: '0.01',
      shares: [
        { party: 'platform', percent: `20.${zeros}0`, floor: `1.5${zeros}`, cap: `300${zeros && '.00'}` },
        { party: 'coach', remainder: true as const },
      ],
      deductions: [
        {
          kind: 'penalty' as const,
          name: 'low satisfaction',
          measure: 'satisfaction',
          scale: { min: `1.${zeros}0`, max: `5.${zeros}0` },
          tiers: [
            { below: `2.${zeros}0`, percent: `50.${zeros}0` },
            { below: `3.${zeros}0`, fixed: `2.5${zeros}` },
          ],
          whenMissing: { percent: `0.${zeros}0` },
          from: 'coach',
          to: 'payer' as const,
        },
      ],
    })
    const options = { idempotencyKey: 'open' }
    const first = await ledger.escrows.open({ ...deal('s'), terms: agreed('') }, options)
    const second = await ledger.escrows.open({ ...deal('s'), terms: agreed('0') }, options)
    expect(second).toEqual({ ...first, replayed: true })
    const other = ledger.escrows.open({ ...deal('s'), terms: { ...agreed(''), step: '0.02' } }, options)
    await expect(other).rejects.toMatchObject({ code: 'idempotency_key_reused' })
  })

  test('times, in whatever form', async () => {
    const { ledger } = await openLedger()
    await fundedDeal(ledger, 's')
    const options = { idempotencyKey: 'complete' }
    const first = await ledger.escrows.complete({ id: 's', at: START }, options)
    const forms = [new Date(START), '2026-11-02T09:00:00Z', '2026-11-02T14:30:00+05:30']
    for (const at of forms) {
      expect(await ledger.escrows.complete({ id: 's', at }, options)).toEqual({ ...first, replayed: true })
    }
  })

  test('who asks is not part of the request', async () => {
    const { ledger } = await openLedger()
    const first = await ledger.escrows.open(deal('s'), { idempotencyKey: 'open', actor: 'one' })
    const second = await ledger.escrows.open(deal('s'), { idempotencyKey: 'open', actor: 'other' })
    expect(second).toEqual({ ...first, replayed: true })
  })
})
