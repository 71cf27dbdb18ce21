import type { OracleCommandName, Scripted } from '@escrow-ledger/testkit'

const HOUR = 3_600_000
const DAY = 24 * HOUR

const inr = (amount: string) => ({ amount, currency: 'INR' })
const id = 's'

const say = (command: OracleCommandName, input: object): Scripted => ({ command, input: input as never })
const wait = (ms: number): Scripted => ({ advance: ms })

const open = say('escrows.open', {
  id,
  payer: 'c1',
  parties: { coach: 'p1' },
  amount: inr('1000.00'),
  terms: {
    hold: { days: 1 },
    inspection: { days: 3 },
    shares: [
      { party: 'platform', percent: '20' },
      { party: 'coach', remainder: true },
    ],
    deductions: [
      {
        kind: 'penalty',
        name: 'low satisfaction',
        measure: 'satisfaction',
        scale: { min: '1', max: '5' },
        tiers: [{ below: '3', percent: '25' }],
        from: 'coach',
        to: 'payer',
      },
    ],
  },
})

const fundWith = (amount: string, reference: string) =>
  say('escrows.fund', { id, amount: inr(amount), gateway: 'razorpay', reference })
const funded = [open, fundWith('1000.00', 'first')]
const fundedInPart = [open, fundWith('400.00', 'first')]
const deliver = say('escrows.deliver', { id })
const complete = say('escrows.complete', { id })
const cancel = say('escrows.cancel', { id })
const refund = (amount?: string) => say('escrows.refund', { id, ...(amount && { amount: inr(amount) }) })
const named = (dispute?: string) => dispute && { dispute }
const dispute = (amount?: string, name?: string) =>
  say('escrows.dispute', { id, ...named(name), ...(amount && { amount: inr(amount) }) })
const resolve = (outcome: 'payer' | 'payee', name?: string) => say('escrows.resolve', { id, ...named(name), outcome })
const settleEarly = (amount?: string) =>
  say('escrows.settle', { id, early: { reason: 'agreed', ...(amount && { amount: inr(amount) }) } })

/** How an escrow comes into each state of `docs/states.md`. */
export const escrowStates: ReadonlyMap<string, readonly Scripted[]> = new Map([
  ['not opened', []],
  ['opened', [open]],
  ['opened, funded in part', fundedInPart],
  ['funded', funded],
  ['delivered, not funded', [open, deliver]],
  ['delivered, funded in part', [...fundedInPart, deliver]],
  ['delivered', [...funded, deliver]],
  ['delivered, inspection over', [...funded, deliver, wait(3 * DAY)]],
  ['completed, not funded', [open, complete, wait(2 * DAY)]],
  ['completed, funded in part', [...fundedInPart, complete, wait(2 * DAY)]],
  ['completed, not due', [...funded, complete, wait(HOUR)]],
  ['completed, due', [...funded, complete, wait(DAY)]],
  ['completed, due, refunded in part', [...funded, complete, refund('10.00'), wait(DAY)]],
  ['released in part', [...funded, complete, settleEarly('400.00')]],
  ['released in part, not completed', [...funded, settleEarly('400.00')]],
  ['released in part, due', [...funded, complete, settleEarly('400.00'), wait(DAY)]],
  ['disputed in part', [...funded, dispute('300.00')]],
  ['disputed', [...funded, dispute()]],
  ['disputed, completed, due', [...funded, complete, dispute('300.00'), wait(DAY)]],
  ['disputed, the rest released', [...funded, dispute('300.00'), settleEarly()]],
  ['disputed, then cancelled', [...funded, dispute('300.00'), cancel]],
  [
    'disputed, then cancelled, held again',
    [...funded, dispute('300.00'), dispute('200.00', 'second'), cancel, resolve('payee', 'second')],
  ],
  ['cancelled', [...funded, cancel]],
  ['cancelled before any funding', [open, cancel]],
  ['cancelled, its dispute resolved for the payee', [...funded, dispute('300.00'), cancel, resolve('payee')]],
  ['refunded', [...funded, refund()]],
  ['refunded by its dispute', [...funded, dispute(), resolve('payer')]],
  ['settled', [...funded, settleEarly()]],
])

/** Credit of the payer, which `fund from credit` takes. */
export const credit: Scripted = say('journal.post', {
  postings: [
    { account: 'bank:hdfc', debit: inr('600.00') },
    { account: 'payee:c1:payable', credit: inr('600.00') },
  ],
})

/** Each command of `docs/states.md` under its plainest input, which fits the deal above. */
export const escrowCommands: ReadonlyMap<string, Scripted> = new Map([
  ['open', open],
  ['fund', fundWith('600.00', 'second')],
  ['fund from credit', say('escrows.fund', { id, amount: inr('600.00'), from: 'payee:c1:payable' })],
  ['deliver', deliver],
  ['measure', say('escrows.measure', { id, measures: { satisfaction: 2 } })],
  ['complete', complete],
  ['settle', say('escrows.settle', { id })],
  ['settle early', settleEarly()],
  ['cancel', cancel],
  ['refund', refund()],
  ['dispute', dispute()],
  ['resolve', resolve('payee')],
  ['settlement run', say('settlements.run', {})],
])
