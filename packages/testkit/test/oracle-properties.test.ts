import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { OracleCommandName, OracleEntry } from '../src/index.js'
import { handOut } from '../src/oracle/shares.js'
import { HOUR, openBooks } from './oracle-books.js'

const pick = <Value>(...values: Value[]) => fc.constantFrom(...values)
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 })

const id = pick('s1', 's1', 's2', 's2', 's:3')
const amount = fc.record({
  minor: pick(1n, 7n, 30n, 133n, 500n, 1000n),
  currency: pick('INR', 'INR', 'INR', 'INR', 'INR', 'USD'),
})
const payment = fc.record({ gateway: pick('razorpay', 'manual'), reference: pick('pay_1', 'pay_2', 'pay_3', 'pay_4') })
const at = maybe(fc.integer({ min: -4, max: 1 }).map((hours) => ({ hours })))
const refundName = fc.record({ escrow: id, index: pick(0, 1, 2) })
const account = pick('escrow:s1', 'escrow:s2', 'payee:p1:payable', 'payer:c1:refunds', 'platform:fees')

const terms = {
  hold: { hours: 2 },
  inspection: { hours: 3 },
  shares: [
    { party: 'platform', percent: '12.5', floor: '0.05', cap: '1.00' },
    { party: 'coach', percent: '33.333333' },
    { party: 'venue', remainder: true },
  ],
  deductions: ['coach', 'coach', 'venue'].map((from, index) => ({
    kind: 'penalty',
    name: `penalty ${index}`,
    measure: 'score',
    scale: { min: '1', max: '5' },
    tiers: [{ below: '3', percent: '55' }],
    whenMissing: { fixed: '0.40' },
    from,
    to: index === 0 ? 'payer' : [pickTarget('payer', 1), pickTarget('platform', 2)],
  })),
}

function pickTarget(to: string, weight: number) {
  return { to, weight }
}

const inputs: Partial<Record<OracleCommandName, fc.Arbitrary<object>>> = {
  'escrows.open': fc.record({ id, amount }).map((deal) => ({
    ...deal,
    payer: 'c1',
    parties: { coach: 'p1', venue: 'p:2' },
    terms,
  })),
  'escrows.fund': fc
    .record({ id, amount, payment, paymentAmount: maybe(amount), at })
    .map(({ payment: { gateway, reference }, ...rest }) => ({ gateway, reference, ...rest })),
  'escrows.deliver': fc.record({ id, at }),
  'escrows.complete': fc.record({ id, at, measures: maybe(fc.record({ score: pick(1, 2, 4, 6) })) }),
  'escrows.settle': fc.record({ id, at, early: maybe(fc.record({ reason: pick('agreed'), amount: maybe(amount) })) }),
  'escrows.refund': fc.record({ id, at, amount: maybe(amount), payment: maybe(payment) }),
  'escrows.cancel': fc.record({ id, at }),
  'escrows.dispute': fc.record({ id, at, amount: maybe(amount) }),
  'escrows.resolve': fc.record({ id, at, outcome: fc.oneof(pick('payer', 'payee'), fc.record({ payer: amount })) }),
  'payments.fee': payment.map((of) => ({ ...of, fee: { minor: 20n, currency: 'INR' } })),
  'payouts.request': fc.record({ id: pick('a', 'b'), payee: pick('p1', 'p:2'), amount, gateway: pick('manual') }),
  'suspense.resolve': fc.record({ id: payment, amount: maybe(amount), allocate: fc.record({ escrow: id }), at }),
  'instructions.confirm': fc.record({ id: fc.oneof(refundName, pick('payout:a')), reference: pick('r1') }),
  'instructions.fail': fc.record({ id: fc.oneof(refundName, pick('payout:a', 'payout:b')), reason: pick('why') }),
  'instructions.resend': fc.record({ id: refundName, gateway: pick('manual') }),
  'accounts.freeze': fc.record({ code: account, what: pick('debits', 'all') }),
  'accounts.unfreeze': fc.record({ code: account }),
  'accounts.close': fc.record({ code: account }),
  'settlements.run': pick({}),
}

const opened = ['s1', 's2'].map((escrow) => ({
  ...{ id: escrow, payer: 'c1', parties: { coach: 'p1', venue: 'p:2' }, terms },
  amount: { minor: 1000n, currency: 'INR' },
}))

const step = fc.oneof(
  ...Object.entries(inputs).map(([command, input]) =>
    fc.record({ command: pick(command as OracleCommandName), input, hours: pick(0, 0, 1, 3) }),
  ),
)

/** An escrow's own entries move what it holds; those of its instructions are about money on its way and bind none. */
const isOwnOf = (escrow: string, { escrow: of, kind }: OracleEntry): boolean =>
  of === escrow && !['refund_instructed', 'refund_processed', 'refund_failed'].includes(kind)

it('never contradicts itself, whatever is asked of it', () => {
  const runs = Number(process.env.ORACLE_RUNS ?? 60)
  fc.assert(
    fc.property(fc.array(step, { minLength: 50, maxLength: 50 }), (steps) => {
      const { clock, apply, oracle, posts } = openBooks()
      for (const deal of opened) {
        posts('escrows.open', deal)
        posts('escrows.fund', { id: deal.id, amount: deal.amount, gateway: 'razorpay', reference: deal.id })
      }
      for (const { command, input, hours } of steps) {
        clock.now += hours * HOUR
        const before = oracle.balances()
        const known = oracle.entries().length
        const written =
          'at' in input && input.at ? { ...input, at: clock.now + (input.at as { hours: number }).hours * HOUR } : input
        const result = apply(command, written)
        if (!result.ok) expect(oracle.balances()).toEqual(before)
        for (const { effectiveAt, lines } of oracle.entries().slice(known)) {
          expect(lines.length).toBeGreaterThan(1)
          expect(effectiveAt).toBeLessThanOrEqual(clock.now)
        }
      }
      for (const { id: escrow } of opened) {
        const times = oracle.entries().flatMap((entry) => (isOwnOf(escrow, entry) ? [entry.effectiveAt] : []))
        expect(times).toEqual(times.toSorted((a, b) => a - b))
      }
    }),
    { numRuns: runs },
  )
})

it('hands out the whole, each within one step of exact, in however many releases', () => {
  const weights = fc.array(fc.bigInt({ min: 0n, max: 50n }), { minLength: 1, maxLength: 6 })
  const amounts = fc.array(fc.bigInt({ min: 1n, max: 40n }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(weights, amounts, pick(1n, 10n), (parts, releases, size) => {
      const under = parts.reduce((all, each) => all + each, 0n)
      fc.pre(under > 0n)
      let had = parts.map(() => 0n)
      let total = 0n
      for (const [index, released] of releases.entries()) {
        total += released * size
        const exact = parts.map((part) => ({ over: part * total, under }))
        const given = handOut({ amount: released * size, step: size, exact, had })
        expect(given.every((each) => each >= 0n)).toBe(true)
        had = had.map((each, at) => each + (given[at] ?? 0n))
        expect(had.reduce((all, each) => all + each, 0n)).toBe(total)
        parts.forEach((part, at) => {
          const off = (had[at] ?? 0n) * under - part * total
          const distance = off < 0n ? -off : off
          expect(distance < size * under * (index === 0 ? 1n : 2n)).toBe(true)
          if (part === 0n) expect(had[at]).toBe(0n)
        })
      }
    }),
  )
})
