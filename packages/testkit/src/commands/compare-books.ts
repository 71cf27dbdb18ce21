import type {
  AccountView,
  BookLedger,
  EntryView,
  EscrowView,
  FeeView,
  InstructionView,
  PaymentView,
  SuspenseView,
} from 'escrow-ledger'
import type { Oracle, OracleInstruction, OraclePayment } from '../oracle/index.js'
import { compareEscrows, type Differences, differ, shown } from './differences.js'
import { instructionId, type Names, suspenseId } from './names.js'
import type { Scene } from './scene.js'
import { toldByLedger, toldByOracle } from './told.js'

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
  readonly suspense: readonly SuspenseView[]
  readonly payments: readonly (PaymentView & { readonly fees: readonly FeeView[] })[]
  readonly timelines: readonly unknown[]
}

export async function readBook(ledger: BookLedger, escrows: readonly string[]): Promise<WholeBook> {
  const timelines: unknown[] = []
  for (const id of escrows) timelines.push(await all(ledger.escrows.timeline(id)))
  const payments: WholeBook['payments'][number][] = []
  for await (const payment of ledger.payments.list()) payments.push(await ledger.payments.get(payment))
  return {
    accounts: await all(ledger.accounts.list()),
    entries: await all(ledger.journal.list()),
    escrows: await all(ledger.escrows.list()),
    instructions: await all(ledger.instructions.list()),
    suspense: await all(ledger.suspense.list()),
    payments,
    timelines,
  }
}

/** A whole book beside what the oracle knows of it. */
export function compareBook(scene: Scene, names: Names, book: WholeBook): Differences {
  const { oracle, escrows } = scene
  return [
    ...differ('balances', sorted(oracle.balances()), sorted(balancesOfLedger(book.accounts))),
    // A run may write its entries in another order than the oracle.
    ...differ(
      'entries',
      oracle.entries().map(toldByOracle).map(shown).sort(),
      book.entries.map(toldByLedger).map(shown).sort(),
    ),
    ...differ('escrows', [...escrows].sort(), book.escrows.map(({ id }) => id).sort()),
    ...book.escrows.flatMap((view) => compareEscrows(view.id, oracle.escrow(view.id), view)),
    ...differ('instructions', instructionsOf(scene, names), instructionsOfLedger(book)),
    ...differ('suspense', suspenseOf(oracle, names), suspenseOfLedger(book)),
    ...differ('payments', sorted(paymentsOf(oracle)), sorted(paymentsOfLedger(book))),
  ]
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : Number(a > b))

const sorted = (pairs: Iterable<readonly [string, unknown]>) => Object.fromEntries([...pairs].sort(byKey))

const balancesOfLedger = (accounts: readonly AccountView[]) =>
  accounts.map(({ code, currency, balance }) => [`${currency}:${code}`, balance.minor] as const)

function instructionsOf({ oracle, payouts, refunds }: Scene, names: Names) {
  return sorted(
    [...payouts, ...refunds].map((name) => {
      const { payer, payee, reference, payment, ...facts } = oracle.instruction(name) as OracleInstruction
      const { kind, gateway, state, amount, currency, escrow } = facts
      const about = [kind, gateway, state, amount, currency, payer ?? payee, escrow ?? null]
      return [instructionId(names, name) as string, [...about, payment?.reference ?? null, reference ?? null]]
    }),
  )
}

function instructionsOfLedger({ instructions }: WholeBook) {
  return sorted(
    instructions.map(({ id, kind, gateway, state, amount, party, escrow, payment, gatewayReference }) => [
      id,
      [kind, gateway, state, amount.minor, amount.currency, party, escrow, payment, gatewayReference],
    ]),
  )
}

function suspenseOf(oracle: Oracle, names: Names) {
  return sorted(
    oracle
      .suspense()
      .map(({ index, payment, gateway, currency, amount, remaining, reason }) => [
        suspenseId(names, payment ?? { index }) as string,
        [gateway, currency, amount, remaining, reason],
      ]),
  )
}

function suspenseOfLedger({ suspense }: WholeBook) {
  return sorted(
    suspense.map(({ id, gateway, amount, remaining, reason }) => [
      id,
      [gateway, amount.currency, amount.minor, remaining.minor, reason],
    ]),
  )
}

const paymentsOf = (oracle: Oracle) =>
  oracle
    .payments()
    .map(({ gateway, reference, currency, amount, allocated, refunded, inSuspense, fees }: OraclePayment) => {
      const facts = { currency, amount, allocated: sorted(allocated), refunded, inSuspense, fees: sorted(fees) }
      return [`${gateway} ${reference}`, facts] as const
    })

const paymentsOfLedger = ({ payments }: WholeBook) =>
  payments.map(({ gateway, reference, amount, allocations, refunded, inSuspense, fees }) => {
    const allocated = new Map<string, bigint>()
    for (const { escrow, amount: part } of allocations)
      allocated.set(escrow, (allocated.get(escrow) ?? 0n) + part.minor)
    const facts = {
      currency: amount.currency,
      amount: amount.minor,
      allocated: sorted(allocated),
      refunded: refunded.minor,
      inSuspense: inSuspense.minor,
      fees: sorted(fees.map(({ id, fee, tax }) => [id, [fee.minor, tax.minor, fee.currency]])),
    }
    return [`${gateway} ${reference}`, facts] as const
  })

/** Every so many accounts, one is read as of some instants. */
const ACCOUNTS_PER_READ = 3

/** Balances of some accounts as of some instants, from the lines that were effective by then. */
export async function compareAsOf(ledger: BookLedger, { oracle }: Scene, accounts: readonly AccountView[]) {
  const effective = [...new Set(oracle.entries().map(({ effectiveAt }) => effectiveAt))].sort((a, b) => a - b)
  const middle = effective[Math.floor(effective.length / 2)]
  const instants = [effective[0], middle, effective.at(-1)].flatMap((at) => at ?? [])
  const differences: string[] = []
  for (const { code, currency, type } of accounts.filter((_, place) => place % ACCOUNTS_PER_READ === 0)) {
    for (const asOf of new Set(instants)) {
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
