import { type ClawbackKind, fromMinor, type Ledger, LedgerError, type Money } from 'escrow-ledger'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { all, expectClean } from '../fixtures/balances.js'
import { deal, inr, owe, paymentOf } from '../fixtures/deals.js'
import { openLedger } from '../fixtures/open-ledger.js'

const RUNS = process.env.TEST_LONG === '1' ? 2_000 : 40
const escrows = ['a', 'b'] as const
const sources = ['first', 'second'] as const

type Escrow = (typeof escrows)[number]
type Source = (typeof sources)[number]

type Step =
  | { readonly step: 'take'; readonly kind: ClawbackKind; readonly source: Source; readonly amount: Money }
  | { readonly step: 'give back'; readonly nth: number }
  | {
      readonly step: 'refund'
      readonly escrow: Escrow
      readonly amount: Money | undefined
      readonly source: Source | null
    }
  | { readonly step: 'dispute'; readonly escrow: Escrow; readonly amount: Money | undefined }
  | {
      readonly step: 'resolve'
      readonly escrow: Escrow
      readonly outcome: 'payer' | 'payee' | { readonly payer: Money }
    }
  | { readonly step: 'complete' | 'cancel'; readonly escrow: Escrow }
  | { readonly step: 'settle'; readonly escrow: Escrow; readonly amount: Money | undefined }
  | { readonly step: 'allocate'; readonly escrow: Escrow; readonly nth: number; readonly amount: Money | undefined }
  | { readonly step: 'fail'; readonly nth: number }

const amount = fc.integer({ min: 1, max: 12 }).map((tens) => inr(`${tens}0.00`))
const some = fc.option(amount, { nil: undefined })
const escrow = fc.constantFrom(...escrows)
const source = fc.constantFrom(...sources)
const nth = fc.nat({ max: 5 })
const of = <Name extends Step['step']>(name: Name) => fc.constant(name)

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ step: of('take'), kind: fc.constantFrom('refund', 'dispute'), source, amount }) },
  fc.record({ step: of('give back'), nth }),
  fc.record({ step: of('refund'), escrow, amount: some, source: fc.option(source) }),
  fc.record({ step: of('dispute'), escrow, amount: some }),
  fc.record({
    step: of('resolve'),
    escrow,
    outcome: fc.oneof(fc.constantFrom('payer' as const, 'payee' as const), fc.record({ payer: amount })),
  }),
  fc.record({ step: fc.constantFrom('complete' as const, 'cancel' as const), escrow }),
  { weight: 2, arbitrary: fc.record({ step: of('settle'), escrow, amount: some }) },
  fc.record({ step: of('allocate'), escrow, nth, amount: some }),
  fc.record({ step: of('fail'), nth }),
)

/** Two deals of 120.00 and 40.00 whose penalty goes back to the payer, of a payment that both have a part of, another payment, and credit. */
async function begin() {
  const { ledger } = await openLedger()
  const first = { ...paymentOf('first'), paymentAmount: inr('100.00') }
  await ledger.escrows.open(deal('a', inr('120.00')))
  await ledger.escrows.open(deal('b', inr('40.00')))
  await ledger.escrows.fund({ id: 'a', amount: inr('60.00'), ...first })
  await ledger.escrows.fund({ id: 'b', amount: inr('40.00'), ...first })
  await owe(ledger, 'chen', inr('10.00'))
  await ledger.escrows.fund({ id: 'a', amount: inr('10.00'), from: 'payee:chen:payable' })
  await ledger.escrows.fund({ id: 'a', amount: inr('50.00'), ...paymentOf('second') })
  for (const id of escrows) await ledger.escrows.measure({ id, measures: { satisfaction: 2 } })
  return ledger
}

/** What each payment can still give back. */
async function left(ledger: Ledger): Promise<Record<Source, { left: bigint; refunded: bigint }>> {
  const of = async (name: Source) => {
    const { amount: whole, refunded, chargedBack } = await ledger.payments.get(paymentOf(name))
    const rest = whole.minor - refunded.minor - chargedBack.minor
    return { left: rest > 0n ? rest : 0n, refunded: refunded.minor }
  }
  return { first: await of('first'), second: await of('second') }
}

const pick = <Item>(items: readonly Item[], index: number): Item | undefined => items[index % Math.max(1, items.length)]

const missing = async (ledger: Ledger) =>
  (await all(ledger.suspense.list())).filter(
    ({ reason }) => reason === 'refunded_at_gateway' || reason === 'charged_back',
  )

async function take(ledger: Ledger, given: Step, number: number): Promise<unknown> {
  switch (given.step) {
    case 'take': {
      const { gateway, reference: payment } = paymentOf(given.source)
      const { kind, amount: taken } = given
      return ledger.clawbacks.record({ kind, gateway, payment, reference: `c${number}`, taken, final: false })
    }
    case 'give back': {
      const known = pick(await all(ledger.clawbacks.list()), given.nth)
      if (!known) return null
      const { kind, gateway, payment, reference } = known
      return ledger.clawbacks.record({ kind, gateway, payment, reference, taken: inr('0.00') })
    }
    case 'refund': {
      const payment = given.source === null ? {} : { payment: paymentOf(given.source) }
      return ledger.escrows.refund({ id: given.escrow, amount: given.amount, ...payment })
    }
    case 'dispute':
      return ledger.escrows.dispute({ id: given.escrow, amount: given.amount })
    case 'resolve':
      return ledger.escrows.resolve({ id: given.escrow, outcome: given.outcome })
    case 'complete':
      return ledger.escrows.complete({ id: given.escrow })
    case 'cancel':
      return ledger.escrows.cancel({ id: given.escrow })
    case 'settle':
      return ledger.escrows.settle({ id: given.escrow, early: { reason: 'Agreed.', amount: given.amount } })
    case 'allocate': {
      const item = pick(await missing(ledger), given.nth)
      const allocate = { escrow: given.escrow }
      return item ? ledger.suspense.resolve({ id: item.id, amount: given.amount, allocate }) : null
    }
    case 'fail': {
      const instruction = pick(await all(ledger.instructions.list({ state: ['recorded'] })), given.nth)
      return instruction ? ledger.instructions.fail({ id: instruction.id, reason: 'Refused.' }) : null
    }
  }
}

/** The refusal of a call; whatever else goes wrong is a fault. */
async function refusalOf(call: () => Promise<unknown>): Promise<LedgerError | null> {
  try {
    await call()
    return null
  } catch (error) {
    if (error instanceof LedgerError && error.kind !== 'internal') return error
    throw error
  }
}

/** What an operator does: nothing is held any more when it is done. */
async function wayOn(ledger: Ledger): Promise<void> {
  for (const id of escrows) {
    const { disputes } = await ledger.escrows.get(id)
    for (const { id: dispute, resolvedAt } of disputes)
      if (resolvedAt === null) await ledger.escrows.resolve({ id, dispute, outcome: 'payee' })
  }
  for (const { id: item, remaining } of await missing(ledger)) {
    let open = -remaining.minor
    for (const id of escrows) {
      const { held } = await ledger.escrows.get(id)
      const most = held.minor < open ? held.minor : open
      if (most === 0n) continue
      open -= await allocateMost(ledger, { item, id, most })
    }
    if (open > 0n) await ledger.suspense.resolve({ id: item, writeOff: { reason: 'The deals are over.' } })
  }
  for (const id of escrows) {
    if ((await ledger.escrows.get(id)).held.minor > 0n) await ledger.escrows.refund({ id })
    expect(await ledger.escrows.get(id)).toMatchObject({ held: inr('0.00'), frozen: inr('0.00') })
  }
}

/** Allocates as much as the escrow has of the payment, and tells how much that was. */
async function allocateMost(ledger: Ledger, { item, id, most }: { item: string; id: string; most: bigint }) {
  const allocate = (minor: bigint) =>
    ledger.suspense.resolve({ id: item, amount: fromMinor(minor, 'INR'), allocate: { escrow: id } })
  const refused = await refusalOf(() => allocate(most))
  if (refused === null) return most
  if (refused.code === 'payment_not_found') return 0n
  expect(refused.code).toBe('refund_exceeds_payment')
  const { available } = refused as LedgerError & { available: Money }
  if (available.minor > 0n) await allocate(available.minor)
  return available.minor
}

test('whatever was taken back, no payment is told to give back more than it has, and there is a way on', async () => {
  const exceeded = new Set<string>()
  const property = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
    const ledger = await begin()
    for (const [number, each] of steps.entries()) {
      const before = await left(ledger)
      const refused = await refusalOf(() => take(ledger, each, number))
      if (refused?.code === 'refund_exceeds_payment') exceeded.add(each.step)
      if (each.step === 'take' || each.step === 'give back') continue
      const after = await left(ledger)
      for (const name of sources)
        expect(after[name].refunded - before[name].refunded).toBeLessThanOrEqual(before[name].left)
    }
    await expectClean(ledger)
    await wayOn(ledger)
    await expectClean(ledger)
  })
  await fc.assert(property, { numRuns: RUNS })
  expect([...exceeded].sort()).toEqual(['allocate', 'cancel', 'refund', 'resolve', 'settle'])
})
