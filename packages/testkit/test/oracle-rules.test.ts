import { describe, expect, it } from 'vitest'
import { HOUR, inr, openBooks, START } from './oracle-books.js'

const terms = {
  shares: [
    { party: 'platform', percent: '20' },
    { party: 'coach', remainder: true },
  ],
}
const deal = (id: string, more: object = {}) => ({
  id,
  payer: 'c1',
  parties: { coach: 'p1' },
  amount: inr('100.00'),
  terms,
  ...more,
})
const by = (reference: string) => ({ gateway: 'razorpay', reference })

/** One open escrow, `s1`, with a hundred rupees of a payment, `pay_1`. */
function fundedBooks() {
  const books = openBooks()
  books.posts('escrows.open', deal('s1'))
  books.posts('escrows.fund', { id: 's1', amount: inr('100.00'), ...by('pay_1') })
  return books
}

describe('terms', () => {
  const shared = (...shares: object[]) => ({ shares })
  const coach = { party: 'coach', remainder: true }
  it.each([
    ['percentages over 100', shared({ party: 'platform', percent: '60' }, { party: 'coach', percent: '40.000001' })],
    ['money without an owner', shared({ party: 'platform', percent: '60' }, { party: 'coach', percent: '39' })],
    ['a cap that leaves money', shared({ party: 'coach', percent: '100', cap: '99.99' })],
    ['a party twice', shared(coach, { party: 'coach', percent: '10' })],
    ['two remainders', shared(coach, { party: 'platform', remainder: true })],
    ['a floor over its cap', shared({ party: 'platform', percent: '1', floor: '2', cap: '1' }, coach)],
    ['an amount off the step', { step: '0.10', ...shared({ party: 'platform', fixed: '1.05' }, coach) }],
    ['seven decimals of a percentage', shared({ party: 'platform', percent: '1.0000000' }, coach)],
    ['a party without an id', shared({ party: 'venue', percent: '1' }, coach)],
    ['an id without a share', shared({ party: 'platform', percent: '100' })],
    ['nobody', shared()],
  ])('refuses %s', (_, wrong) => {
    expect(openBooks().code('escrows.open', deal('s1', { terms: wrong }))).toBe('invalid_terms')
  })

  it('takes fixed shares that cover the amount only together', () => {
    const covered = shared({ party: 'platform', fixed: '60.00' }, { party: 'coach', fixed: '40.00' })
    expect(openBooks().code('escrows.open', deal('s1', { terms: covered }))).toBe('ok')
  })
})

describe('funding', () => {
  it('puts what does not fit into suspense, and takes it from there later', () => {
    const { oracle, posts, apply, code } = openBooks()
    posts('escrows.open', deal('s1'))
    posts('escrows.open', deal('s2'))
    const first = apply('escrows.fund', { id: 's1', amount: inr('150.00'), ...by('pay_1') })
    expect(first).toMatchObject({ ok: true, excess: 5000n })
    expect(oracle.suspense()).toMatchObject([{ reason: 'overfunded', remaining: 5000n }])
    expect(code('escrows.fund', { id: 's1', amount: inr('149.00'), ...by('pay_1') })).toBe('payment_mismatch')
    const again = apply('escrows.fund', { id: 's1', amount: { minor: 15_000n, currency: 'INR' }, ...by('pay_1') })
    expect(again).toEqual({ ...first, replayed: true })
    expect(code('escrows.fund', { id: 's2', amount: inr('50.01'), ...by('pay_1') })).toBe('payment_exceeded')
    expect(posts('escrows.fund', { id: 's2', amount: inr('50.00'), ...by('pay_1') })).toEqual([
      'funding: suspense:razorpay 50.00 / escrow:s2 50.00',
    ])
    expect(oracle.suspense()).toEqual([])
  })

  it.each([
    ['escrow_not_found', {}],
    ['currency_mismatch', { currency: 'USD' }],
    ['escrow_ended', { before: 'escrows.cancel' as const }],
  ])(
    'gives the reason %s',
    (reason, { currency = 'INR', before }: { currency?: string; before?: 'escrows.cancel' }) => {
      const { oracle, posts } = openBooks()
      if (reason !== 'escrow_not_found') posts('escrows.open', deal('s1'))
      if (before) posts(before, { id: 's1' })
      posts('escrows.fund', { id: 's1', amount: { amount: '10.00', currency }, ...by('pay_1') })
      expect(oracle.suspense()).toMatchObject([{ reason, currency, remaining: 1000n }])
    },
  )

  it('exchanges what arrived in another currency', () => {
    const { posts } = openBooks()
    posts('escrows.open', deal('s1'))
    const received = { amount: '1.20', currency: 'USD' }
    expect(posts('escrows.fund', { id: 's1', amount: inr('100.00'), received, ...by('pay_1') })).toEqual([
      'funding: gateway:razorpay:clearing 1.20, fx:USD-INR 100.00 / fx:USD-INR 1.20, escrow:s1 100.00',
    ])
  })
})

describe('going back to the payer', () => {
  it('returns to the newest funding first, and credit to its account in the same entry', () => {
    const { oracle, posts, code } = openBooks()
    posts('accounts.open', { code: 'credit:c1', currency: 'INR', type: 'liability', floor: inr('0.00') })
    posts('journal.post', {
      postings: [
        { account: 'platform:promotions', debit: inr('30.00') },
        { account: 'credit:c1', credit: inr('30.00') },
      ],
    })
    posts('escrows.open', deal('s1'))
    posts('escrows.fund', { id: 's1', amount: inr('70.00'), ...by('pay_1') })
    expect(code('escrows.fund', { id: 's1', amount: inr('30.01'), from: 'credit:c1' })).toBe('escrow_overfunded')
    posts('escrows.fund', { id: 's1', amount: inr('30.00'), from: 'credit:c1' })
    expect(posts('escrows.refund', { id: 's1', amount: inr('40.00') })).toEqual([
      'refund: escrow:s1 40.00 / payer:c1:refunds 10.00, credit:c1 30.00',
      'refund_instructed: payer:c1:refunds 10.00 / refunds:in-transit:razorpay 10.00',
    ])
    const named = { id: 's1', payment: by('pay_1') }
    expect(code('escrows.refund', { ...named, payment: by('pay_2') })).toBe('payment_not_found')
    expect(code('escrows.refund', { ...named, amount: inr('60.01') })).toBe('insufficient_held')
    expect(posts('escrows.cancel', { id: 's1' })[0]).toBe('cancellation: escrow:s1 60.00 / payer:c1:refunds 60.00')
    expect(oracle.status('s1')).toBe('cancelled')
    expect(oracle.instructionsOf('s1').map(({ amount }) => amount)).toEqual([1000n, 6000n])
  })

  it('sends a failed refund another way, once', () => {
    const { posts, code } = fundedBooks()
    posts('escrows.refund', { id: 's1' })
    const id = { escrow: 's1', index: 0 }
    expect(posts('instructions.fail', { id, reason: 'card closed' })).toEqual([
      'refund_failed: refunds:in-transit:razorpay 100.00 / payer:c1:refunds 100.00',
    ])
    expect(posts('instructions.resend', { id, gateway: 'manual' })).toEqual([
      'refund_instructed: payer:c1:refunds 100.00 / refunds:in-transit:manual 100.00',
    ])
    expect(code('instructions.resend', { id, gateway: 'manual' })).toBe('instruction_state')
    expect(code('instructions.confirm', { id: { escrow: 's1', index: 1 }, reference: 'utr' })).toBe('ok')
  })
})

describe('a cancelled escrow', () => {
  it('can be settled again once a dispute was resolved for the payee', () => {
    const { posts, code, oracle, clock } = fundedBooks()
    posts('escrows.dispute', { id: 's1', amount: inr('40.00') })
    posts('escrows.cancel', { id: 's1' })
    expect(oracle.status('s1')).toBe('disputed')
    expect(code('escrows.settle', { id: 's1' })).toBe('escrow_already_cancelled')
    clock.now += HOUR
    posts('escrows.resolve', { id: 's1', outcome: 'payee' })
    expect([oracle.status('s1'), oracle.dueAt('s1')]).toEqual(['cancelled', clock.now])
    expect(code('escrows.dispute', { id: 's1' })).toBe('escrow_already_cancelled')
    expect(posts('settlements.run', {})).toEqual([
      'release: escrow:s1 40.00 / platform:fees 8.00, payee:p1:payable 32.00',
    ])
    expect(oracle.status('s1')).toBe('settled')
  })
})

describe('times', () => {
  it('refuses a request for its time in the documented order, and never a fact', () => {
    const { posts, code, oracle, clock } = openBooks()
    posts('escrows.open', deal('s1'))
    clock.now += 24 * HOUR
    posts('books.close', { through: '2026-11-02' })
    expect(code('books.close', { through: '2026-11-03' })).toBe('time_in_future')
    expect(code('books.close', { through: '2026-11-01' })).toBe('period_closed')
    posts('escrows.fund', { id: 's1', amount: inr('100.00'), ...by('pay_1'), at: START })
    const midnight = Date.UTC(2026, 10, 3)
    expect(oracle.entries()[0]).toMatchObject({ effectiveAt: midnight, occurredAt: START })
    posts('escrows.dispute', { id: 's1', amount: inr('1.00'), at: midnight + HOUR })
    const refused = (at: unknown) => code('escrows.refund', { id: 's1', at })
    expect(refused(clock.now + 1)).toBe('time_in_future')
    expect(refused('2026-11-02')).toBe('period_closed')
    expect(refused('2026-11-03')).toBe('time_before_last')
    expect(code('escrows.complete', { id: 's1', at: START - 1 })).toBe('time_before_last')
  })

  it('reads a bare date in the zone of the book', () => {
    const { posts, oracle } = openBooks({ timeZone: 'Asia/Kolkata' })
    posts('escrows.open', deal('s1'))
    posts('escrows.fund', { id: 's1', amount: inr('100.00'), ...by('pay_1'), at: '2026-11-01' })
    expect(oracle.entries()[0]?.effectiveAt).toBe(Date.UTC(2026, 9, 31, 18, 30))
  })

  it('completes at the end of the inspection period and settles in order of due time, then of bytes', () => {
    const { posts, oracle, clock, apply } = openBooks()
    const inspected = { ...terms, hold: { hours: 1 }, inspection: { hours: 2 } }
    for (const id of ['b', '\u{1f600}', '\u{ff5e}', 'frozen']) {
      posts('escrows.open', deal(id, { terms: inspected }))
      posts('escrows.fund', { id, amount: inr('100.00'), ...by(id) })
      posts('escrows.deliver', { id })
    }
    posts('accounts.freeze', { code: 'escrow:frozen' })
    clock.now += 3 * HOUR
    expect(apply('settlements.run', { asOf: clock.now + 1 })).toEqual({ ok: false, code: 'time_in_future' })
    expect(apply('settlements.run', {})).toMatchObject({
      run: {
        completed: ['b', 'frozen', '\u{ff5e}', '\u{1f600}'],
        settled: ['b', '\u{ff5e}', '\u{1f600}'],
        refused: [{ id: 'frozen', code: 'account_frozen' }],
      },
    })
    expect(oracle.escrow('b')).toMatchObject({ completedAt: START + 2 * HOUR, dueAt: START + 3 * HOUR })
    expect(oracle.status('frozen')).toBe('completed')
  })
})

describe('idempotency keys', () => {
  it('answer the same request with its first result, and refuse another', () => {
    const { apply, code } = openBooks()
    const first = apply('escrows.open', deal('s1'), 'key')
    const same = { ...deal('s1'), amount: { currency: 'INR', amount: '100.0' } }
    expect(apply('escrows.open', same, 'key')).toEqual({ ...first, replayed: true })
    expect(code('escrows.open', deal('s2'), 'key')).toBe('idempotency_key_reused')
    expect(code('escrows.open', deal('s2', { payer: '' }), 'key')).toBe('invalid_input')
    expect(code('escrows.open', deal('s1'), 'refused')).toBe('escrow_exists')
    expect(code('escrows.open', deal('s2'), 'refused')).toBe('ok')
  })
})

describe('suspense', () => {
  it('is allocated, refunded and written off', () => {
    const { posts, code, oracle } = openBooks()
    posts('escrows.fund', { id: 's1', amount: inr('90.00'), ...by('pay_1') })
    posts('escrows.open', deal('s1'))
    const id = by('pay_1')
    expect(posts('suspense.resolve', { id, amount: inr('50.00'), allocate: { escrow: 's1' } })).toEqual([
      'suspense_allocated: suspense:razorpay 50.00 / escrow:s1 50.00',
    ])
    expect(code('suspense.resolve', { id, amount: inr('40.01'), refund: { payer: 'c1' } })).toBe('insufficient_funds')
    expect(posts('suspense.resolve', { id, amount: inr('30.00'), refund: { payer: 'c1' } })).toEqual([
      'suspense_refunded: suspense:razorpay 30.00 / payer:c1:refunds 30.00',
      'refund_instructed: payer:c1:refunds 30.00 / refunds:in-transit:razorpay 30.00',
    ])
    expect(posts('suspense.resolve', { id: { index: 0 }, writeOff: { reason: 'crumbs' } })).toEqual([
      'suspense_written_off: suspense:razorpay 10.00 / platform:losses 10.00',
    ])
    expect(code('suspense.resolve', { id, writeOff: { reason: 'more' } })).toBe('suspense_already_resolved')
    expect(oracle.instruction({ index: 0 })).toMatchObject({ payer: 'c1', amount: 3000n })
  })
})
