import type { AccountView, BookLedger, EntryView, EscrowView, InstructionView } from 'escrow-ledger'
import type { Oracle } from '../oracle/index.js'
import { compareEscrows, type Differences, differ } from './differences.js'
import { instructionId, type Names } from './names.js'
import type { Scene } from './scene.js'

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = []
  for await (const item of items) collected.push(item)
  return collected
}

/** Everything that a ledger shows of a book, to compare with the oracle and with other ledgers. */
export interface WholeBook {
  readonly accounts: readonly AccountView[]
  readonly entries: readonly EntryView[]
  readonly escrows: readonly EscrowView[]
  readonly instructions: readonly InstructionView[]
  readonly suspense: readonly unknown[]
  readonly payments: readonly unknown[]
  readonly timelines: readonly unknown[]
}

export async function readBook(ledger: BookLedger, escrows: readonly string[]): Promise<WholeBook> {
  const timelines: unknown[] = []
  for (const id of escrows) timelines.push(await all(ledger.escrows.timeline(id)))
  return {
    accounts: await all(ledger.accounts.list()),
    entries: await all(ledger.journal.list()),
    escrows: await all(ledger.escrows.list()),
    instructions: await all(ledger.instructions.list()),
    suspense: await all(ledger.suspense.list()),
    payments: await all(ledger.payments.list()),
    timelines,
  }
}

/** A whole book beside what the oracle knows of it. */
export function compareBook({ oracle, escrows, payouts, refunds }: Scene, names: Names, book: WholeBook): Differences {
  const states = new Map(book.instructions.map(({ id, state }) => [id, state]))
  return [
    ...differ('balances', balancesOf(oracle), balancesOfLedger(book.accounts)),
    ...escrows.flatMap((id) => {
      const view = book.escrows.find((escrow) => escrow.id === id)
      return view ? compareEscrows(id, oracle.escrow(id), view) : [`escrow ${id} is missing`]
    }),
    ...[...payouts, ...refunds].flatMap((name) => {
      const id = instructionId(names, name) as string
      return differ(`instruction ${id}`, oracle.instruction(name)?.state, states.get(id))
    }),
    ...differ('instructions', payouts.length + refunds.length, book.instructions.length),
  ]
}

function balancesOf(oracle: Oracle): Readonly<Record<string, bigint>> {
  return Object.fromEntries([...oracle.balances()].sort(byKey))
}

function balancesOfLedger(accounts: readonly AccountView[]): Readonly<Record<string, bigint>> {
  const balances = accounts.map(({ code, currency, balance }) => [`${currency}:${code}`, balance.minor] as const)
  return Object.fromEntries([...balances].sort(byKey))
}

const byKey = ([a]: readonly [string, bigint], [b]: readonly [string, bigint]): number => (a < b ? -1 : a > b ? 1 : 0)

/** Balances as of some instants, from the lines that were effective by then. */
export async function compareAsOf(ledger: BookLedger, { oracle }: Scene, accounts: readonly AccountView[]) {
  const instants = [...new Set(oracle.entries().map(({ effectiveAt }) => effectiveAt))].slice(0, 3)
  const differences: string[] = []
  for (const { code, currency, type } of accounts.slice(0, 6)) {
    for (const asOf of instants) {
      const { balance } = await ledger.accounts.balance({ account: code, currency, asOf })
      const lines = oracle
        .entries()
        .filter(({ effectiveAt }) => effectiveAt <= asOf)
        .flatMap((entry) => entry.lines)
      const net = lines.reduce((sum, [at, unit, minor]) => (at === code && unit === currency ? sum + minor : sum), 0n)
      const expected = type === 'asset' || type === 'expense' ? net : -net
      differences.push(...differ(`${code} in ${currency} as of ${asOf}`, expected, balance.minor))
    }
  }
  return differences
}
