import type { BookLedger, TermsInput } from 'escrow-ledger'
import { cell, createStages, DAY, HOUR, inr, type Stage, type Table } from './rehearsal-books.js'

const terms: TermsInput = {
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
}

const deal = { id: 's', payer: 'c1', parties: { coach: 'p1' }, amount: inr('1000.00'), terms }

type Given = (stage: Stage) => Promise<unknown>

const opened: Given = ({ book }) => book.escrows.open(deal)

const fundedBy =
  (amount: string): Given =>
  async (stage) => {
    await opened(stage)
    await stage.book.escrows.fund({ id: 's', amount: inr(amount), gateway: 'razorpay', reference: 'pay_1' })
  }

const funded = fundedBy('1000.00')

/** One state after another: what the first brought about, and then some more. */
const then =
  (first: Given, ...more: ((stage: Stage) => Promise<unknown>)[]): Given =>
  async (stage) => {
    await first(stage)
    for (const step of more) await step(stage)
  }

const complete = ({ book }: Stage) => book.escrows.complete({ id: 's' })
const cancel = ({ book }: Stage) => book.escrows.cancel({ id: 's' })
const wait =
  (ms: number) =>
  async ({ clock }: Stage) => {
    clock.now += ms
  }
const dispute =
  (amount?: string, name?: string) =>
  ({ book }: Stage) =>
    book.escrows.dispute({ id: 's', dispute: name, amount: amount === undefined ? undefined : inr(amount) })
const resolve =
  (outcome: 'payer' | 'payee', name?: string) =>
  ({ book }: Stage) =>
    book.escrows.resolve({ id: 's', dispute: name, outcome })
const settleEarly =
  (amount?: string) =>
  ({ book }: Stage) =>
    book.escrows.settle({
      id: 's',
      early: { reason: 'agreed', amount: amount === undefined ? undefined : inr(amount) },
    })

/** Every state that answers some command otherwise than the others do. */
const states: readonly (readonly [name: string, given: Given])[] = [
  ['not opened', async () => {}],
  ['opened', opened],
  ['opened, funded in part', fundedBy('400.00')],
  ['funded', funded],
  ['delivered, not funded', then(opened, ({ book }) => book.escrows.deliver({ id: 's' }))],
  ['delivered, funded in part', then(fundedBy('400.00'), ({ book }) => book.escrows.deliver({ id: 's' }))],
  ['delivered', then(funded, ({ book }) => book.escrows.deliver({ id: 's' }))],
  ['delivered, inspection over', then(funded, ({ book }) => book.escrows.deliver({ id: 's' }), wait(3 * DAY))],
  ['completed, not funded', then(opened, complete, wait(2 * DAY))],
  ['completed, funded in part', then(fundedBy('400.00'), complete, wait(2 * DAY))],
  ['completed, not due', then(funded, complete, wait(HOUR))],
  ['completed, due', then(funded, complete, wait(DAY))],
  [
    'completed, due, refunded in part',
    then(funded, complete, ({ book }) => book.escrows.refund({ id: 's', amount: inr('10.00') }), wait(DAY)),
  ],
  ['released in part', then(funded, complete, settleEarly('400.00'))],
  ['released in part, not completed', then(funded, settleEarly('400.00'))],
  ['released in part, due', then(funded, complete, settleEarly('400.00'), wait(DAY))],
  ['disputed in part', then(funded, dispute('300.00'))],
  ['disputed', then(funded, dispute())],
  ['disputed, completed, due', then(funded, complete, dispute('300.00'), wait(DAY))],
  ['disputed, the rest released', then(funded, dispute('300.00'), settleEarly())],
  ['disputed, then cancelled', then(funded, dispute('300.00'), cancel)],
  [
    'disputed, then cancelled, held again',
    then(funded, dispute('300.00'), dispute('200.00', 'second'), cancel, resolve('payee', 'second')),
  ],
  ['cancelled', then(funded, cancel)],
  ['cancelled before any funding', then(opened, cancel)],
  ['cancelled, its dispute resolved for the payee', then(funded, dispute('300.00'), cancel, resolve('payee'))],
  ['refunded', then(funded, ({ book }) => book.escrows.refund({ id: 's' }))],
  ['refunded by its dispute', then(funded, dispute(), resolve('payer'))],
  ['settled', then(funded, settleEarly())],
]

type Call = (book: BookLedger) => Promise<unknown>

/** The command under its plainest input, which fits the deal above. */
const commands: readonly (readonly [name: string, call: Call])[] = [
  ['open', (book) => book.escrows.open(deal)],
  ['fund', (book) => book.escrows.fund({ id: 's', amount: inr('600.00'), gateway: 'razorpay', reference: 'pay_2' })],
  ['fund from credit', (book) => book.escrows.fund({ id: 's', amount: inr('600.00'), from: 'payee:c1:payable' })],
  ['deliver', (book) => book.escrows.deliver({ id: 's' })],
  ['measure', (book) => book.escrows.measure({ id: 's', measures: { satisfaction: 2 } })],
  ['complete', (book) => book.escrows.complete({ id: 's' })],
  ['settle', (book) => book.escrows.settle({ id: 's' })],
  ['settle early', (book) => book.escrows.settle({ id: 's', early: { reason: 'agreed' } })],
  ['cancel', (book) => book.escrows.cancel({ id: 's' })],
  ['refund', (book) => book.escrows.refund({ id: 's' })],
  ['dispute', (book) => book.escrows.dispute({ id: 's' })],
  ['resolve', (book) => book.escrows.resolve({ id: 's', outcome: 'payee' })],
]

/** The status after a call that was carried out; for a funding that did not fit, why. */
async function after(book: BookLedger): Promise<string> {
  const { items } = await book.suspense.list().page({ limit: 1 })
  const [item] = items
  if (item) return `suspense: ${item.reason}`
  return (await book.escrows.get('s')).status
}

export async function escrowTable(): Promise<Table> {
  const stage = createStages()
  const rows: [string, string[]][] = []
  for (const [name, given] of states) {
    const cells: string[] = []
    for (const [, call] of commands) {
      const on = stage()
      await given(on)
      await giveCredit(on)
      cells.push(await cell(call(on.book), () => after(on.book)))
    }
    const on = stage()
    await given(on)
    cells.push(await run(on.book))
    rows.push([name, cells])
  }
  return {
    heading: 'Escrows',
    text:
      'INR 1,000.00, a hold of a day, an inspection of three days, a penalty by satisfaction. `fund` brings 600.00 by a ' +
      'payment that is new, or takes as much from credit; every other command is given without an amount or a time.',
    columns: [...commands.map(([name]) => name), 'settlement run'],
    rows,
  }
}

/** Credit of the payer, for funding from it. */
async function giveCredit({ book }: Stage): Promise<void> {
  await book.journal.post({
    postings: [
      { account: 'bank:hdfc', debit: inr('600.00') },
      { account: 'payee:c1:payable', credit: inr('600.00') },
    ],
  })
}

async function run(book: BookLedger): Promise<string> {
  const { completed, settled, refusedCount } = await book.settlements.run()
  const done = [...(completed > 0 ? ['completes'] : []), ...(settled > 0 ? ['settles'] : [])]
  if (refusedCount > 0) done.push('refused')
  return done.join(', ') || 'nothing'
}
