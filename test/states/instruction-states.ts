import type { BookLedger, CallOutcome, InstructionView } from 'escrow-ledger'
import { cell, createStages, DAY, inr, type Stage, type Table } from './rehearsal-books.js'

type Kind = 'payout' | 'refund'

/** Records an instruction through the gateway `g`, and answers with its id. */
async function record({ book }: Stage, kind: Kind): Promise<string> {
  if (kind === 'payout') {
    await book.journal.post({
      postings: [
        { account: 'bank:hdfc', debit: inr('10.00') },
        { account: 'payee:p1:payable', credit: inr('10.00') },
      ],
    })
    await book.payouts.request({ id: 'po', payee: 'p1', amount: inr('10.00'), gateway: 'g' })
    return 'payout:po'
  }
  const shares = [{ party: 'coach', remainder: true as const }]
  const amount = inr('10.00')
  await book.escrows.open({ id: 's', payer: 'c1', parties: { coach: 'p1' }, amount, terms: { shares } })
  await book.escrows.fund({ id: 's', amount, gateway: 'g', reference: 'pay_1' })
  await book.escrows.refund({ id: 's' })
  const { items } = await book.instructions.list().page({ limit: 1 })
  return items[0]?.id ?? ''
}

type Given = (stage: Stage, id: string) => Promise<unknown>

/** Lets the dispatcher send it, with this outcome. */
const sent =
  (outcome: CallOutcome): Given =>
  async ({ book, answer }) => {
    answer(outcome)
    await book.instructions.dispatch()
  }

/** A call that hangs: the dispatcher waits for it for as long as the test runs. */
const hanging: Given = async ({ book }, id) => {
  void book.instructions.dispatch()
  while ((await book.instructions.get(id)).state === 'recorded') await new Promise((resolve) => setImmediate(resolve))
}

const confirmed: Given = ({ book }, id) => book.instructions.confirm({ id, reference: 'utr-1' })
const failed: Given = ({ book }, id) => book.instructions.fail({ id, reason: 'refused' })

const states: readonly (readonly [name: string, given: Given, only?: Kind])[] = [
  ['recorded', async () => {}],
  ['sending', hanging],
  ['accepted', sent({ outcome: 'accepted', reference: null })],
  ['unknown', sent({ outcome: 'unknown', reason: 'timeout' })],
  ['waiting', sent({ outcome: 'waiting', reason: 'balance' })],
  ['processed, as `utr-1`', confirmed],
  ['failed', failed],
  ['cancelled', ({ book }, id) => book.instructions.cancel({ id })],
  [
    'failed, sent another way',
    async (stage, id) => {
      await failed(stage, id)
      await stage.book.instructions.resend({ id, gateway: 'manual' })
    },
    'refund',
  ],
  [
    'cancelled, sent another way',
    async ({ book }, id) => {
      await book.instructions.cancel({ id })
      await book.instructions.resend({ id, gateway: 'manual' })
    },
    'refund',
  ],
  [
    'reversed',
    async (stage, id) => {
      await confirmed(stage, id)
      await stage.book.instructions.reverse({ id, reason: 'returned' })
    },
    'payout',
  ],
]

const commands: readonly (readonly [name: string, call: (book: BookLedger, id: string) => Promise<unknown>])[] = [
  ['confirm as `utr-1`', (book, id) => book.instructions.confirm({ id, reference: 'utr-1' })],
  ['confirm as `utr-2`', (book, id) => book.instructions.confirm({ id, reference: 'utr-2' })],
  ['fail', (book, id) => book.instructions.fail({ id, reason: 'refused' })],
  ['cancel', (book, id) => book.instructions.cancel({ id })],
  ['reverse', (book, id) => book.instructions.reverse({ id, reason: 'returned' })],
  ['resend', (book, id) => book.instructions.resend({ id, gateway: 'manual' })],
]

const after = ({ state, replacedBy }: InstructionView) => (replacedBy === null ? state : `${state}, sent another way`)

export async function instructionTable(kind: Kind): Promise<Table> {
  const stage = createStages()
  const rows: [string, string[]][] = []
  for (const [name, given, only] of states) {
    if (only !== undefined && only !== kind) continue
    const cells: string[] = []
    for (const [, call] of commands) {
      const on = stage()
      const id = await record(on, kind)
      await given(on, id)
      cells.push(await cell(call(on.book, id), async () => after(await on.book.instructions.get(id))))
    }
    rows.push([name, [...cells, await dispatched(stage(), kind, given)]])
  }
  return {
    heading: kind === 'payout' ? 'Payouts' : 'Refunds',
    text: `The instruction of a ${kind}, and what the dispatcher does with it a day later, when the gateway has done it.`,
    columns: [...commands.map(([name]) => name), 'dispatch'],
    rows,
  }
}

/** What the dispatcher makes of it once the lease of an attempt that hangs has run out. */
async function dispatched(on: Stage, kind: Kind, given: Given): Promise<string> {
  const id = await record(on, kind)
  await given(on, id)
  on.clock.now += DAY
  on.answer({ outcome: 'processed', reference: 'utr-1' })
  const before = await on.book.instructions.get(id)
  await on.book.instructions.dispatch()
  const { state } = await on.book.instructions.get(id)
  return state === before.state ? 'nothing' : state
}
