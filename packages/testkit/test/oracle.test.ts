import { describe, expect, it } from 'vitest'
import { floor, whole } from '../src/oracle/fraction.js'
import { exactShares, handOut } from '../src/oracle/shares.js'
import { HOUR, inr, openBooks, START } from './oracle-books.js'

const penalty = {
  kind: 'penalty',
  name: 'low satisfaction',
  measure: 'satisfaction',
  scale: { min: '1', max: '5' },
  tiers: [
    { below: '2', percent: '50' },
    { below: '3', percent: '25' },
  ],
  from: 'coach',
  to: 'payer',
}

const shares = [
  { party: 'platform', percent: '20' },
  { party: 'coach', remainder: true },
]

describe('money, in section 3 of the design', () => {
  it('splits 100.00 in three equal parts as 33.34, 33.33, 33.33', () => {
    const third = { over: 10_000n, under: 3n }
    const parts = handOut({ amount: 10_000n, step: 1n, exact: [third, third, third], had: [0n, 0n, 0n] })
    expect(parts).toEqual([3334n, 3333n, 3333n])
  })

  it('keeps every digit of 33.333333 % of 9000000000000000001', () => {
    const percent = { over: 33_333_333n, under: 1_000_000n }
    const [exact] = exactShares([{ party: 'coach', wants: { percent } }], 9_000_000_000_000_000_001n)
    expect(exact).toEqual({ over: 9_000_000_000_000_000_001n * 33_333_333n, under: 100_000_000n })
    expect(floor(exact ?? whole(0n))).toBe(2_999_999_970_000_000_000n)
  })

  it('never takes back a step that was rounded up, even where whole steps come to more than there is', () => {
    const percents = [5n, 5n, 30n, 30n, 30n]
    const exactOf = (amount: bigint) => percents.map((percent) => ({ over: amount * percent, under: 100n }))
    const first = handOut({ amount: 8n, step: 1n, exact: exactOf(8n), had: [0n, 0n, 0n, 0n, 0n] })
    expect(first).toEqual([1n, 1n, 2n, 2n, 2n])
    expect(handOut({ amount: 2n, step: 1n, exact: exactOf(10n), had: first })).toEqual([0n, 0n, 1n, 1n, 0n])
  })
})

describe('one life through Razorpay, in section 5 of the design', () => {
  it('posts every entry of the table and ends with 175.00', () => {
    const { clock, oracle, posts, balance } = openBooks({
      gateways: { razorpay: { payouts: 'gateway:razorpay:payouts' } },
    })
    const payment = { gateway: 'razorpay', reference: 'pay_1' }
    posts('escrows.open', {
      id: 's1',
      payer: 'c1',
      parties: { coach: 'p1' },
      amount: inr('1000.00'),
      terms: { shares, deductions: [penalty] },
    })
    expect(oracle.status('s1')).toBe('opened')
    expect(posts('escrows.fund', { id: 's1', amount: inr('1000.00'), ...payment })).toEqual([
      'funding: gateway:razorpay:clearing 1000.00 / escrow:s1 1000.00',
    ])
    expect(oracle.status('s1')).toBe('funded')
    expect(posts('payments.fee', { ...payment, fee: inr('23.60'), tax: inr('3.60') })).toEqual([
      'fee: gateway:razorpay:fees 20.00, gateway:razorpay:fee-tax 3.60 / gateway:razorpay:clearing 23.60',
    ])
    expect(posts('escrows.complete', { id: 's1', measures: { satisfaction: 2 } })).toEqual([])
    expect(oracle.dueAt('s1')).toBe(START + 24 * HOUR)
    expect(posts('settlements.run', {})).toEqual([])
    clock.now += 30 * HOUR
    expect(posts('settlements.run', {})).toEqual([
      'release: escrow:s1 1000.00 / platform:fees 200.00, payee:p1:payable 600.00, payer:c1:refunds 200.00',
      'refund_instructed: payer:c1:refunds 200.00 / refunds:in-transit:razorpay 200.00',
    ])
    expect(oracle.entries().map(({ effectiveAt }) => effectiveAt - START)).toEqual([0, 0, 24 * HOUR, 24 * HOUR])
    expect(oracle.status('s1')).toBe('settled')
    expect(posts('instructions.confirm', { id: { escrow: 's1', index: 0 }, reference: 'rfnd_1' })).toEqual([
      'refund_processed: refunds:in-transit:razorpay 200.00 / gateway:razorpay:clearing 200.00',
    ])
    const move = (debit: string, credit: string, amount: string) =>
      posts('journal.post', {
        postings: [
          { account: debit, debit: inr(amount) },
          { account: credit, credit: inr(amount) },
        ],
      })
    expect(balance('gateway:razorpay:clearing')).toBe('776.40')
    move('bank:hdfc', 'gateway:razorpay:clearing', '776.40')
    move('gateway:razorpay:payouts', 'bank:hdfc', '700.00')
    expect(posts('payouts.request', { id: 'po-1', payee: 'p1', amount: inr('600.00'), gateway: 'razorpay' })).toEqual([
      'payout_requested: payee:p1:payable 600.00 / payouts:in-transit:razorpay 600.00',
    ])
    const fee = { fee: inr('5.90'), tax: inr('0.90') }
    expect(posts('instructions.confirm', { id: 'payout:po-1', reference: 'pout_1', fee })).toEqual([
      'payout_processed: payouts:in-transit:razorpay 600.00, gateway:razorpay:fees 5.00, ' +
        'gateway:razorpay:fee-tax 0.90 / gateway:razorpay:payouts 605.90',
    ])
    const left = [...oracle.balances()].filter(([, minor]) => minor !== 0n)
    expect(new Map(left)).toEqual(
      new Map([
        ['INR:gateway:razorpay:fees', 2500n],
        ['INR:gateway:razorpay:fee-tax', 450n],
        ['INR:platform:fees', 20_000n],
        ['INR:bank:hdfc', 7640n],
        ['INR:gateway:razorpay:payouts', 9410n],
      ]),
    )
    expect(posts('instructions.reverse', { id: 'payout:po-1', reason: 'account closed' })).toEqual([
      'payout_reversed: gateway:razorpay:payouts 600.00 / payee:p1:payable 600.00',
    ])
  })

  it('credits the payable again when the payout fails', () => {
    const { posts } = openBooks()
    posts('journal.post', {
      postings: [
        { account: 'platform:promotions', debit: inr('600.00') },
        { account: 'payee:p1:payable', credit: inr('600.00') },
      ],
    })
    posts('payouts.request', { id: 'po-1', payee: 'p1', amount: inr('600.00'), gateway: 'razorpay' })
    expect(posts('instructions.fail', { id: 'payout:po-1', reason: 'no such account' })).toEqual([
      'payout_failed: payouts:in-transit:razorpay 600.00 / payee:p1:payable 600.00',
    ])
  })
})

describe('caps, fixed shares and penalties, in section 5 of the design', () => {
  const yen = (amount: string) => ({ amount, currency: 'JPY' })
  const terms = {
    shares: [
      { party: 'platform', percent: '15', floor: '500', cap: '1200' },
      { party: 'venue', fixed: '2000' },
      { party: 'coach-a', percent: '40' },
      { party: 'coach-b', remainder: true },
    ],
    deductions: [
      {
        ...penalty,
        tiers: [{ below: '2', percent: '50' }],
        from: 'coach-b',
        to: [
          { to: 'payer', weight: 1 },
          { to: 'platform', weight: 1 },
        ],
      },
      {
        kind: 'penalty',
        name: 'late',
        measure: 'minutes-late',
        scale: { min: '0', max: '600' },
        tiers: [{ atLeast: '15', fixed: '1500' }],
        from: 'coach-b',
        to: 'platform',
      },
    ],
  }
  const settled = (amount: string, measures: object) => {
    const { oracle, posts } = openBooks()
    const parties = { venue: 'v', 'coach-a': 'a', 'coach-b': 'b' }
    posts('escrows.open', { id: 's2', payer: 'c1', parties, amount: yen(amount), terms })
    posts('escrows.fund', { id: 's2', amount: yen(amount), gateway: 'razorpay', reference: 'pay_2' })
    posts('escrows.complete', { id: 's2', measures })
    const [release] = posts('escrows.settle', { id: 's2', early: { reason: 'agreed' } })
    return { release, escrow: oracle.escrow('s2') }
  }

  it('splits JPY 10,001 and records the shortfall', () => {
    const { release, escrow } = settled('10001', { satisfaction: 1, 'minutes-late': 20 })
    expect(release).toBe(
      'release: escrow:s2 10001 / platform:fees 1200, payee:v:payable 2000, payee:a:payable 4000, ' +
        'platform:penalties 2101, payer:c1:refunds 700',
    )
    expect(escrow.parties.get('coach-b')).toEqual({ allotted: 2801n, deducted: 2801n, released: 0n })
    expect(escrow.releases[0]?.deductions).toEqual([
      { name: 'low satisfaction', taken: 1400n, shortfall: 0n, toPayer: 700n, toPlatform: 700n },
      { name: 'late', taken: 1401n, shortfall: 99n, toPayer: 0n, toPlatform: 1401n },
    ])
  })

  it.each([
    ['10001', 'platform:fees 1200, payee:v:payable 2000, payee:a:payable 4000, payee:b:payable 2801'],
    ['2501', 'platform:fees 500, payee:v:payable 2000, payee:a:payable 1'],
    ['1500', 'platform:fees 500, payee:v:payable 1000'],
  ])('shares %s', (amount, credits) => {
    expect(settled(amount, {}).release).toBe(`release: escrow:s2 ${amount} / ${credits}`)
  })
})

describe('steps, in section 5 of the design', () => {
  it('splits KWD 10.010 in steps of 0.010', () => {
    const { posts } = openBooks()
    const amount = { amount: '10.010', currency: 'KWD' }
    posts('escrows.open', {
      id: 's4',
      payer: 'c1',
      parties: { a: 'a', b: 'b' },
      amount,
      terms: {
        step: '0.010',
        shares: [
          { party: 'platform', percent: '20' },
          { party: 'a', percent: '40' },
          { party: 'b', remainder: true },
        ],
        deductions: [{ ...penalty, from: 'a' }],
      },
    })
    posts('escrows.fund', { id: 's4', amount, gateway: 'razorpay', reference: 'pay_4' })
    posts('escrows.complete', { id: 's4', measures: { satisfaction: '2.5' } })
    expect(posts('escrows.settle', { id: 's4', early: { reason: 'agreed' } })).toEqual([
      'release: escrow:s4 10.010 / platform:fees 2.000, payee:a:payable 3.010, payee:b:payable 4.000, ' +
        'payer:c1:refunds 1.000',
      'refund_instructed: payer:c1:refunds 1.000 / refunds:in-transit:razorpay 1.000',
    ])
  })
})

describe('a dispute and two releases, in section 5 of the design', () => {
  it('pays each party the difference to what it already had', () => {
    const { clock, oracle, posts } = openBooks()
    const capped = [{ party: 'platform', percent: '20', cap: '150.00' }, shares[1]]
    posts('escrows.open', {
      id: 's3',
      payer: 'c1',
      parties: { coach: 'p1' },
      amount: inr('1000.00'),
      terms: { shares: capped, deductions: [penalty] },
    })
    posts('escrows.fund', { id: 's3', amount: inr('1000.00'), gateway: 'razorpay', reference: 'pay_3' })
    posts('escrows.complete', { id: 's3', measures: { satisfaction: 2 } })
    expect(posts('escrows.dispute', { id: 's3', amount: inr('333.33') })).toEqual([
      'dispute: escrow:s3 333.33 / escrow:s3:frozen 333.33',
    ])
    clock.now += 24 * HOUR
    expect(posts('escrows.settle', { id: 's3' })[0]).toBe(
      'release: escrow:s3 666.67 / platform:fees 133.33, payee:p1:payable 400.00, payer:c1:refunds 133.34',
    )
    expect(oracle.status('s3')).toBe('disputed')
    clock.now += HOUR
    expect(posts('escrows.resolve', { id: 's3', outcome: { payer: inr('100.00') } })).toEqual([
      'resolution: escrow:s3:frozen 333.33 / payer:c1:refunds 100.00, escrow:s3 233.33',
      'refund_instructed: payer:c1:refunds 100.00 / refunds:in-transit:razorpay 100.00',
    ])
    expect(oracle.dueAt('s3')).toBe(clock.now)
    expect(posts('escrows.settle', { id: 's3' })[0]).toBe(
      'release: escrow:s3 233.33 / platform:fees 16.67, payee:p1:payable 162.50, payer:c1:refunds 54.16',
    )
    const { status, funded, held, frozen, released, refunded } = oracle.escrow('s3')
    expect({ status, funded, held, frozen, released, refunded }).toEqual({
      status: 'settled',
      funded: 100_000n,
      held: 0n,
      frozen: 0n,
      released: 90_000n,
      refunded: 10_000n,
    })
  })
})
