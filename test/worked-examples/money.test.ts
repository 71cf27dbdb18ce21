import { type LedgerError, money, splitByWeights, type TermsInput } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { expectClean } from '../fixtures/balances.js'
import { rows } from '../fixtures/entry-rows.js'
import { openLedger } from '../fixtures/open-ledger.js'
import { lowSatisfaction } from '../fixtures/sample-terms.js'

interface Deal {
  readonly amount: string
  readonly currency: string
  readonly terms: TermsInput
  readonly parties: Readonly<Record<string, string>>
  readonly measures?: Readonly<Record<string, number | string>>
}

/** Takes a deal from opening to an early settlement, and answers with its release. */
async function settle({ amount, currency, terms, parties, measures }: Deal) {
  const { ledger } = await openLedger()
  const whole = money(amount, currency)
  await ledger.escrows.open({ id: 's', payer: 'c1', parties, amount: whole, terms })
  await ledger.escrows.fund({ id: 's', amount: whole, gateway: 'razorpay', reference: 'pay_1' })
  await ledger.escrows.complete({ id: 's', measures })
  const { entries } = await ledger.escrows.settle({ id: 's', early: { reason: 'example' } })
  await expectClean(ledger)
  return { rows: rows(entries), escrow: await ledger.escrows.get('s') }
}

/** The code with which opening an escrow under these terms is refused. */
async function refusalOf(deal: Pick<Deal, 'amount' | 'currency' | 'terms' | 'parties'>): Promise<string> {
  const { ledger } = await openLedger()
  const { amount, currency, terms, parties } = deal
  const opening = ledger.escrows.open({ id: 's', payer: 'c1', parties, amount: { amount, currency }, terms })
  return opening.then(
    () => 'ok',
    (error: LedgerError) => error.code,
  )
}

describe('caps, fixed shares and penalties, in yen', () => {
  const late: NonNullable<TermsInput['deductions']>[number] = {
    kind: 'penalty',
    name: 'late',
    measure: 'minutes-late',
    scale: { min: '0', max: '600' },
    tiers: [{ atLeast: '15', fixed: '1500' }],
    from: 'coach-b',
    to: 'platform',
  }
  const terms: TermsInput = {
    shares: [
      { party: 'platform', percent: '15', floor: '500', cap: '1200' },
      { party: 'venue', fixed: '2000' },
      { party: 'coach-a', percent: '40' },
      { party: 'coach-b', remainder: true },
    ],
    deductions: [
      {
        ...lowSatisfaction,
        from: 'coach-b',
        to: [
          { to: 'payer', weight: 1 },
          { to: 'platform', weight: 1 },
        ],
      },
      late,
    ],
  }
  const deal = { currency: 'JPY', terms, parties: { venue: 'v', 'coach-a': 'a', 'coach-b': 'b' } }

  test('10,001 with a score of 1, twenty minutes late', async () => {
    const measures = { satisfaction: 1, 'minutes-late': 20 }
    const { rows: posted, escrow } = await settle({ ...deal, amount: '10001', measures })
    expect(posted).toEqual([
      'release | escrow:s 10001 | platform:fees 1200, payee:v:payable 2000, payee:a:payable 4000, ' +
        'platform:penalties 2101, payer:c1:refunds 700',
      'refund_instructed | payer:c1:refunds 700 | refunds:in-transit:razorpay 700',
    ])
    const yen = (amount: string) => money(amount, 'JPY')
    expect(escrow.deductions).toEqual([
      { name: 'low-satisfaction', from: 'coach-b', taken: yen('1400'), shortfall: yen('0') },
      { name: 'late', from: 'coach-b', taken: yen('1401'), shortfall: yen('99') },
    ])
    expect(escrow.shares['coach-b']).toMatchObject({
      allotted: yen('2801'),
      deducted: yen('2801'),
      released: yen('0'),
    })
  })

  test.each([
    ['10001', 'platform:fees 1200, payee:v:payable 2000, payee:a:payable 4000, payee:b:payable 2801'],
    ['2501', 'platform:fees 500, payee:v:payable 2000, payee:a:payable 1'],
    ['1500', 'platform:fees 500, payee:v:payable 1000'],
  ])('%s without a penalty', async (amount, credits) => {
    expect((await settle({ ...deal, amount })).rows).toEqual([`release | escrow:s ${amount} | ${credits}`])
  })
})

describe('a step of 0.010, in dinars', () => {
  test('10.010, a penalty of a quarter', async () => {
    const terms: TermsInput = {
      step: '0.010',
      shares: [
        { party: 'platform', percent: '20' },
        { party: 'a', percent: '40' },
        { party: 'b', remainder: true },
      ],
      deductions: [{ ...lowSatisfaction, from: 'a' }],
    }
    const deal = { amount: '10.010', currency: 'KWD', terms, parties: { a: 'a', b: 'b' } }
    expect((await settle({ ...deal, measures: { satisfaction: '2.5' } })).rows).toEqual([
      'release | escrow:s 10.010 | platform:fees 2.000, payee:a:payable 3.010, payee:b:payable 4.000, ' +
        'payer:c1:refunds 1.000',
      'refund_instructed | payer:c1:refunds 1.000 | refunds:in-transit:razorpay 1.000',
    ])
  })

  test.each([
    ['KWD', '0.010', '10.011'],
    ['HUF', '1.00', '1000.50'],
  ])('an amount in %s off the step of %s is refused', async (currency, step, amount) => {
    const terms: TermsInput = { step, shares: [{ party: 'a', remainder: true }] }
    expect(await refusalOf({ amount, currency, terms, parties: { a: 'a' } })).toBe('amount_off_step')
  })
})

describe('splitting', () => {
  test('100.00 in three equal parts', () => {
    const { minor: whole } = money('100.00', 'INR')
    expect(splitByWeights({ whole, step: 1n, weights: [1n, 1n, 1n] })).toEqual([3334n, 3333n, 3333n])
  })

  test('keeps every digit of 33.333333 % of 9000000000000000001 minor units', async () => {
    const terms: TermsInput = {
      shares: [
        { party: 'a', percent: '33.333333' },
        { party: 'b', remainder: true },
      ],
    }
    const deal = { amount: '90000000000000000.01', currency: 'INR', terms, parties: { a: 'a', b: 'b' } }
    expect((await settle(deal)).rows).toEqual([
      'release | escrow:s 90000000000000000.01 | payee:a:payable 29999999700000000.00, ' +
        'payee:b:payable 60000000300000000.01',
    ])
  })

  test('an amount past 64 bits is out of range', async () => {
    const terms: TermsInput = { shares: [{ party: 'a', remainder: true }] }
    const deal = { currency: 'INR', terms, parties: { a: 'a' } }
    expect(await refusalOf({ ...deal, amount: '92233720368547758.07' })).toBe('ok')
    expect(await refusalOf({ ...deal, amount: '92233720368547758.08' })).toBe('amount_out_of_range')
  })

  test.each([
    ['percentages above 100', [{ percent: '60' }, { percent: '40.000001' }]],
    ['money without an owner', [{ percent: '60' }, { percent: '39.999999' }]],
    ['more than 6 decimals', [{ percent: '33.3333333' }, { remainder: true as const }]],
  ])('terms with %s are refused', async (_, [first, second]) => {
    const terms: TermsInput = {
      shares: [
        { party: 'a', ...first },
        { party: 'b', ...second },
      ],
    }
    const deal = { amount: '100.00', currency: 'INR', terms, parties: { a: 'a', b: 'b' } }
    expect(await refusalOf(deal)).toBe('invalid_terms')
  })
})
