import type { Ledger } from 'escrow-ledger'
import { all } from '../fixtures/balances.js'
import { completedDeal, deal, fundedDeal, inr, owe, paymentOf } from '../fixtures/deals.js'
import { type Clock, DAY, START } from '../fixtures/open-ledger.js'

type Attempt = (ledger: Ledger, caller: number) => Promise<unknown>

/** A step that ends something, which many callers take at once. */
export interface TerminalStep {
  readonly name: string
  readonly given: (ledger: Ledger, clock: Clock) => Promise<unknown>
  /** What callers try, in turn. */
  readonly attempts: readonly Attempt[]
  /** How many of them succeed; one, unless it is said. */
  readonly winners?: number
  /** The codes that the others are refused with. */
  readonly refusals: readonly string[]
  /** Every balance that is not zero afterwards: one of these, by who has won. */
  readonly outcomes: readonly Readonly<Record<string, string>>[]
}

const clearing = 'gateway:razorpay:clearing INR'
const inTransit = 'refunds:in-transit:razorpay INR'
const thousand = '1000.00'
const released = { [clearing]: thousand, 'platform:fees INR': '200.00', 'payee:priya:payable INR': '800.00' }
const returned = { [clearing]: thousand, [inTransit]: thousand }
const frozen = { [clearing]: thousand, 'escrow:s:frozen INR': thousand }
const held = { [clearing]: thousand, 'escrow:s INR': thousand }
const owed = { 'platform:promotions INR': '10.00', 'payee:priya:payable INR': '10.00' }
const onItsWay = { 'platform:promotions INR': '10.00', 'payouts:in-transit:razorpay INR': '10.00' }
const paidOut = { 'platform:promotions INR': '10.00', [clearing]: '-10.00' }

const settle: Attempt = (ledger) => ledger.escrows.settle({ id: 's' })
const settleEarly: Attempt = (ledger) => ledger.escrows.settle({ id: 's', early: { reason: 'agreed' } })
const cancel: Attempt = (ledger) => ledger.escrows.cancel({ id: 's' })
const refund: Attempt = (ledger) => ledger.escrows.refund({ id: 's' })
const dispute: Attempt = (ledger) => ledger.escrows.dispute({ id: 's' })

const confirm: Attempt = (ledger, caller) =>
  ledger.instructions.confirm({ id: 'payout:po', reference: `utr-${caller}` })
const fail: Attempt = (ledger) => ledger.instructions.fail({ id: 'payout:po', reason: 'no such account' })
const takeBack: Attempt = (ledger) => ledger.instructions.cancel({ id: 'payout:po' })
const reverse: Attempt = (ledger) => ledger.instructions.reverse({ id: 'payout:po', reason: 'returned' })

const payOut = (id: string) => (ledger: Ledger) =>
  ledger.payouts.request({ id, payee: 'priya', amount: inr('10.00'), gateway: 'razorpay' })

const dueDeal = async (ledger: Ledger, clock: Clock) => {
  await completedDeal(ledger, 's')
  clock.now = START + DAY
}

const requestedPayout = async (ledger: Ledger) => {
  await owe(ledger, 'priya', inr('10.00'))
  await payOut('po')(ledger)
}

const failedRefund = async (ledger: Ledger) => {
  await fundedDeal(ledger, 's')
  await ledger.escrows.refund({ id: 's' })
  const [instruction] = await all(ledger.instructions.list())
  await ledger.instructions.fail({ id: instruction?.id ?? '', reason: 'card expired' })
}

/** The instruction that failed is the first there is. */
const resend: Attempt = async (ledger) => {
  const { items } = await ledger.instructions.list({ state: 'failed' }).page({ limit: 1 })
  return ledger.instructions.resend({ id: items[0]?.id ?? '', gateway: 'manual' })
}

const suspended = async (ledger: Ledger) => {
  await ledger.escrows.fund({ id: 'unknown', amount: inr(thousand), ...paymentOf('s') })
  await ledger.escrows.open(deal('s'))
}

export const terminalSteps: readonly TerminalStep[] = [
  {
    name: 'settle',
    given: dueDeal,
    attempts: [settle],
    refusals: ['escrow_already_settled'],
    outcomes: [released],
  },
  {
    name: 'cancel',
    given: (ledger) => fundedDeal(ledger, 's'),
    attempts: [cancel],
    refusals: ['escrow_already_cancelled'],
    outcomes: [returned],
  },
  {
    name: 'refund all',
    given: (ledger) => fundedDeal(ledger, 's'),
    attempts: [refund],
    refusals: ['escrow_already_refunded'],
    outcomes: [returned],
  },
  {
    name: 'settle, cancel and refund the same money',
    given: (ledger) => fundedDeal(ledger, 's'),
    attempts: [settleEarly, cancel, refund],
    refusals: ['escrow_already_settled', 'escrow_already_cancelled', 'escrow_already_refunded'],
    outcomes: [released, returned],
  },
  {
    name: 'dispute, settle and refund the same money',
    given: (ledger) => fundedDeal(ledger, 's'),
    attempts: [dispute, settleEarly, refund],
    refusals: ['escrow_disputed', 'escrow_already_settled', 'escrow_already_refunded'],
    outcomes: [frozen, released, returned],
  },
  {
    name: 'complete',
    given: (ledger) => fundedDeal(ledger, 's'),
    attempts: [(ledger) => ledger.escrows.complete({ id: 's' })],
    refusals: ['escrow_already_completed'],
    outcomes: [held],
  },
  {
    name: 'complete and cancel',
    given: (ledger) => fundedDeal(ledger, 's'),
    attempts: [(ledger) => ledger.escrows.complete({ id: 's' }), cancel],
    refusals: ['escrow_already_completed', 'escrow_already_cancelled'],
    outcomes: [held, returned],
  },
  {
    name: 'deliver',
    given: (ledger) => fundedDeal(ledger, 's'),
    attempts: [(ledger) => ledger.escrows.deliver({ id: 's' })],
    refusals: ['escrow_already_delivered'],
    outcomes: [held],
  },
  {
    name: 'resolve for either side',
    given: async (ledger) => {
      await fundedDeal(ledger, 's')
      await ledger.escrows.dispute({ id: 's' })
    },
    attempts: [
      (ledger) => ledger.escrows.resolve({ id: 's', dispute: 'dispute-1', outcome: 'payer' }),
      (ledger) => ledger.escrows.resolve({ id: 's', dispute: 'dispute-1', outcome: 'payee' }),
    ],
    refusals: ['dispute_already_resolved'],
    outcomes: [returned, held],
  },
  {
    name: 'open',
    given: async () => {},
    attempts: [(ledger) => ledger.escrows.open(deal('s'))],
    refusals: ['escrow_exists'],
    outcomes: [{}],
  },
  {
    name: 'pay out the whole balance under ids of their own',
    given: (ledger) => owe(ledger, 'priya', inr('10.00')),
    attempts: [(ledger, caller) => payOut(`po-${caller}`)(ledger)],
    refusals: ['insufficient_funds'],
    outcomes: [onItsWay],
  },
  {
    name: 'pay out under one id',
    given: (ledger) => owe(ledger, 'priya', inr('1000.00')),
    attempts: [payOut('po')],
    refusals: ['payout_exists'],
    outcomes: [
      {
        'platform:promotions INR': thousand,
        'payee:priya:payable INR': '990.00',
        'payouts:in-transit:razorpay INR': '10.00',
      },
    ],
  },
  {
    name: 'confirm, fail and cancel a payout',
    given: requestedPayout,
    attempts: [confirm, fail, takeBack],
    refusals: ['instruction_state'],
    outcomes: [paidOut, owed],
  },
  {
    name: 'reverse a payout',
    given: async (ledger) => {
      await requestedPayout(ledger)
      await confirm(ledger, 0)
    },
    attempts: [reverse],
    refusals: ['instruction_state'],
    outcomes: [owed],
  },
  {
    name: 'send a failed refund another way',
    given: failedRefund,
    attempts: [resend],
    refusals: ['instruction_state'],
    outcomes: [{ [clearing]: thousand, 'refunds:in-transit:manual INR': thousand }],
  },
  {
    name: 'resolve what is in suspense',
    given: suspended,
    attempts: [
      (ledger) => ledger.suspense.resolve({ id: 'payment:razorpay:pay-s', allocate: { escrow: 's' } }),
      (ledger) => ledger.suspense.resolve({ id: 'payment:razorpay:pay-s', refund: { payer: 'chen' } }),
      (ledger) => ledger.suspense.resolve({ id: 'payment:razorpay:pay-s', writeOff: { reason: 'unknown' } }),
    ],
    refusals: ['suspense_already_resolved'],
    outcomes: [held, returned, { [clearing]: thousand, 'platform:losses INR': '-1000.00' }],
  },
  {
    name: 'take the same payment for several deals',
    given: async (ledger) => {
      await ledger.escrows.fund({ id: 'unknown', amount: inr(thousand), ...paymentOf('s') })
      for (const id of ['a', 'b', 'c']) await ledger.escrows.open(deal(id))
    },
    attempts: ['a', 'b', 'c'].map(
      (id) => (ledger: Ledger) =>
        ledger.escrows.fund({ id, amount: inr(thousand), ...paymentOf('s') }).then((answer) => {
          if (answer.replayed) throw Object.assign(new Error('answered again'), { isReplay: true })
        }),
    ),
    refusals: ['payment_exceeded', 'replayed'],
    outcomes: ['a', 'b', 'c'].map((id) => ({ [clearing]: thousand, [`escrow:${id} INR`]: thousand })),
  },
  {
    name: 'fund from the same credit',
    given: async (ledger) => {
      await owe(ledger, 'chen', inr('1000.00'))
      await ledger.escrows.open(deal('s'))
    },
    attempts: [(ledger) => ledger.escrows.fund({ id: 's', amount: inr('300.00'), from: 'payee:chen:payable' })],
    winners: 3,
    refusals: ['escrow_overfunded'],
    outcomes: [{ 'platform:promotions INR': thousand, 'payee:chen:payable INR': '100.00', 'escrow:s INR': '900.00' }],
  },
  {
    name: 'reverse an entry',
    given: (ledger) => owe(ledger, 'priya', inr('10.00')),
    attempts: [
      async (ledger) => {
        const { items } = await ledger.journal.list({ kind: 'journal' }).page({ limit: 1 })
        return ledger.journal.reverse({ entry: items[0]?.id ?? '', effectiveAt: START, reason: 'typo' })
      },
    ],
    refusals: ['entry_already_reversed'],
    outcomes: [{}],
  },
  {
    name: 'close an account that is paid into',
    given: (ledger) => ledger.accounts.open({ code: 'wallet:chen', currency: 'INR', type: 'liability' }),
    attempts: [
      (ledger) => ledger.accounts.close({ code: 'wallet:chen' }),
      (ledger) =>
        ledger.journal.post({
          postings: [
            { account: 'bank:hdfc', debit: inr('1.00') },
            { account: 'wallet:chen', credit: inr('1.00') },
          ],
          expect: [{ account: 'wallet:chen', currency: 'INR', version: 0 }],
        }),
    ],
    refusals: ['account_closed', 'account_not_empty', 'expectation_failed'],
    outcomes: [{}, { 'bank:hdfc INR': '1.00', 'wallet:chen INR': '1.00' }],
  },
]
