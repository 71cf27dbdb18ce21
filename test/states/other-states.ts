import type { BookLedger } from 'escrow-ledger'
import { cell, createStages, inr, type Stage, type Table } from './rehearsal-books.js'

type Given = (stage: Stage) => Promise<unknown>
type Call = (book: BookLedger) => Promise<unknown>

const code = 'wallet:c1'
const opened: Given = ({ book }) => book.accounts.open({ code, currency: 'INR', type: 'liability' })

const move = (book: BookLedger, debit: string, credit: string) =>
  book.journal.post({
    postings: [
      { account: debit, debit: inr('1.00') },
      { account: credit, credit: inr('1.00') },
    ],
  })

const accountStates: readonly (readonly [name: string, given: Given])[] = [
  ['not opened', async () => {}],
  ['open, empty', opened],
  [
    'open, not empty',
    async (stage) => {
      await opened(stage)
      await move(stage.book, 'bank:hdfc', code)
    },
  ],
  ...(['debits', 'all'] as const).map((what): readonly [string, Given] => [
    `frozen for ${what === 'all' ? 'everything' : 'debits'}, empty`,
    async (stage) => {
      await opened(stage)
      await stage.book.accounts.freeze({ code, what })
    },
  ]),
  ...(['debits', 'all'] as const).map((what): readonly [string, Given] => [
    `frozen for ${what === 'all' ? 'everything' : 'debits'}, not empty`,
    async (stage) => {
      await opened(stage)
      await move(stage.book, 'bank:hdfc', code)
      await stage.book.accounts.freeze({ code, what })
    },
  ]),
  [
    'closed',
    async (stage) => {
      await opened(stage)
      await stage.book.accounts.close({ code })
    },
  ],
]

const accountCommands: readonly (readonly [name: string, call: Call])[] = [
  ['open', (book) => book.accounts.open({ code, currency: 'INR', type: 'liability' })],
  ['open in another currency', (book) => book.accounts.open({ code, currency: 'USD', type: 'liability' })],
  ['debit', (book) => move(book, code, 'bank:hdfc')],
  ['credit', (book) => move(book, 'bank:hdfc', code)],
  ['freeze', (book) => book.accounts.freeze({ code })],
  ['unfreeze', (book) => book.accounts.unfreeze({ code })],
  ['close', (book) => book.accounts.close({ code })],
]

const fundUnknown: Given = ({ book }) =>
  book.escrows.fund({ id: 's', amount: inr('10.00'), gateway: 'razorpay', reference: 'pay_1' })

const id = 'payment:razorpay:pay_1'

const suspenseStates: readonly (readonly [name: string, given: Given])[] = [
  ['nothing by that id', async () => {}],
  ['open', fundUnknown],
  [
    'resolved in part',
    async (stage) => {
      await fundUnknown(stage)
      await stage.book.suspense.resolve({ id, amount: inr('4.00'), writeOff: { reason: 'lost' } })
    },
  ],
  [
    'resolved',
    async (stage) => {
      await fundUnknown(stage)
      await stage.book.suspense.resolve({ id, refund: { payer: 'c1' } })
    },
  ],
]

const suspenseCommands: readonly (readonly [name: string, call: Call])[] = [
  ['allocate', (book) => book.suspense.resolve({ id, allocate: { escrow: 's' } })],
  ['refund', (book) => book.suspense.resolve({ id, refund: { payer: 'c1' } })],
  ['write off', (book) => book.suspense.resolve({ id, writeOff: { reason: 'lost' } })],
  ['all of the 10.00', (book) => book.suspense.resolve({ id, amount: inr('10.00'), writeOff: { reason: 'lost' } })],
]

/** An escrow that waits for what is in suspense. */
async function openEscrow({ book }: Stage): Promise<void> {
  const terms = { shares: [{ party: 'coach', remainder: true as const }] }
  await book.escrows.open({ id: 's', payer: 'c1', parties: { coach: 'p1' }, amount: inr('10.00'), terms })
}

interface Rows {
  readonly states: typeof accountStates
  readonly commands: typeof accountCommands
  readonly before?: (stage: Stage) => Promise<void>
}

async function rowsOf({ states, commands, before }: Rows): Promise<Table['rows']> {
  const stage = createStages()
  const rows: [string, string[]][] = []
  for (const [name, given] of states) {
    const cells: string[] = []
    for (const [, call] of commands) {
      const on = stage()
      await given(on)
      await before?.(on)
      cells.push(await cell(call(on.book), async () => 'ok'))
    }
    rows.push([name, cells])
  }
  return rows
}

export async function accountTable(): Promise<Table> {
  return {
    heading: 'Accounts',
    text: "An account of the host's own, a liability in INR; a debit and a credit are of 1.00.",
    columns: accountCommands.map(([name]) => name),
    rows: await rowsOf({ states: accountStates, commands: accountCommands }),
  }
}

export async function suspenseTable(): Promise<Table> {
  return {
    heading: 'Suspense',
    text: 'INR 10.00 by a payment for an escrow that was opened only afterwards.',
    columns: suspenseCommands.map(([name]) => name),
    rows: await rowsOf({ states: suspenseStates, commands: suspenseCommands, before: openEscrow }),
  }
}
