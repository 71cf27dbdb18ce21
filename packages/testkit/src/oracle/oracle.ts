import * as accounts from './account-commands.js'
import {
  type Books,
  balanceOf,
  copyBooks,
  type Entry,
  type GatewayFacts,
  type PayoutRun,
  type SettlementRun,
} from './books.js'
import { isZone } from './calendar.js'
import { charge } from './charge-fee.js'
import type { Command } from './command.js'
import { dueAt, findEscrow, type Status, statusOf } from './escrow.js'
import * as life from './escrow-life.js'
import { checkConservation, type EscrowView, viewOf } from './escrow-view.js'
import { fingerprintOf } from './fingerprint.js'
import { fund } from './fund-escrow.js'
import * as instructions from './instructions.js'
import * as journal from './journal-commands.js'
import type { SuspenseItem } from './payment.js'
import { type PaymentView, viewOfPayment } from './payment-view.js'
import { runPayouts } from './payout-run.js'
import { type Exponents, exponentsWith, type Fields, readText } from './read-input.js'
import { assert, Refusal, refuseIf } from './refusal.js'
import * as suspense from './resolve-suspense.js'
import * as money from './return-money.js'
import { settle } from './settle-escrow.js'
import { run } from './settlement-run.js'

/** The commands of `docs/commands.md`, and the runs. */
const commands = {
  'accounts.open': accounts.open,
  'accounts.freeze': accounts.freeze,
  'accounts.unfreeze': accounts.unfreeze,
  'accounts.close': accounts.close,
  'journal.post': journal.postEntries,
  'journal.reverse': journal.reverse,
  'books.open': journal.openBook,
  'books.close': journal.closeBook,
  'escrows.open': life.open,
  'escrows.fund': fund,
  'escrows.deliver': life.deliver,
  'escrows.measure': life.measure,
  'escrows.complete': life.complete,
  'escrows.settle': settle,
  'escrows.cancel': money.cancel,
  'escrows.refund': money.refund,
  'escrows.dispute': money.dispute,
  'escrows.resolve': money.resolve,
  'payments.fee': charge,
  'suspense.resolve': suspense.resolve,
  'payouts.request': instructions.request,
  'payouts.run': runPayouts,
  'instructions.confirm': instructions.confirm,
  'instructions.fail': instructions.fail,
  'instructions.cancel': instructions.cancel,
  'instructions.reverse': instructions.reverse,
  'instructions.resend': instructions.resend,
  'settlements.run': run,
} as const satisfies Record<string, Command>

export type OracleCommandName = keyof typeof commands

export interface OracleOptions {
  /** The clock, in milliseconds, read once for each command. */
  readonly now: () => number
  /** The book's zone; default UTC. */
  readonly timeZone?: string | undefined
  readonly gateways?: Readonly<Record<string, GatewayFacts>> | undefined
  /** Decimals of units that the oracle does not know of, such as points. */
  readonly currencies?: Exponents | undefined
  /** How many postings an entry has at most; default 1,000. */
  readonly maximumPostings?: number | undefined
}

export interface OracleCommand {
  readonly command: OracleCommandName
  /** The plain data that a user of the library passes, but for names of what the library makes up ids for. */
  readonly input: Fields | readonly Fields[]
  readonly idempotencyKey?: string | undefined
}

export type OracleResult =
  | {
      readonly ok: true
      /** Whether this is the first result of an earlier call. */
      readonly replayed: boolean
      /** The entries that were posted; those of the first call where it is replayed. */
      readonly entries: readonly Entry[]
      /** Only `escrows.fund` from a gateway: what of `amount` did not fit. */
      readonly excess?: bigint
      /** Only `settlements.run`. */
      readonly run?: SettlementRun
      /** Only `payouts.run`. */
      readonly payouts?: PayoutRun
    }
  | { readonly ok: false; readonly code: string }

export interface Oracle {
  apply(command: OracleCommand): OracleResult
  /** Each account's balance in its own direction, under `CUR:code`; those with zero too. */
  balances(): ReadonlyMap<string, bigint>
  entries(): readonly Entry[]
  status(escrow: string): Status
  escrow(id: string): EscrowView
  /** When a release of the escrow falls due, or undefined while it does not. */
  dueAt(id: string): number | undefined
  instruction(name: instructions.InstructionName): instructions.Instruction | undefined
  /** The refund instructions of an escrow in order of creation. */
  instructionsOf(escrow: string): readonly instructions.Instruction[]
  /** A code's account in all its currencies, or undefined where it has none. */
  account(
    code: string,
  ): { readonly isEmpty: boolean; readonly restriction: 'debits' | 'all' | 'closed' | undefined } | undefined
  /** Payments in the order in which they were first heard of. */
  payments(): readonly PaymentView[]
  /** Suspense items that still hold something, or all, in order of creation, each with its place among all items. */
  suspense(which?: 'open' | 'all'): readonly (SuspenseItem & { readonly index: number })[]
}

/**
 * Predicts, from the documents alone, what every command does to one book: whether it is refused and with which code,
 * each entry it posts, and what then stands in the accounts and escrows.
 *
 * The library makes up some ids, which the oracle cannot know. A driver names those things otherwise to the oracle:
 * - a refund's instruction in `instructions.*`: `id: { escrow, index }`, its place from 0 among the refunds of its
 *   escrow in order of creation (without `escrow`: among refunds of no escrow). Payouts keep `id: 'payout:<id>'`;
 * - a suspense item in `suspense.resolve`: `id: { gateway, reference }` of the payment it came in with, or
 *   `id: { index }`, its place from 0 among all items ever made;
 * - an entry in `journal.reverse`: `entry: index`, its place among all entries.
 *
 * A text in their place names nothing that exists.
 */
export function createOracle(options: OracleOptions): Oracle {
  const timeZone = options.timeZone ?? 'UTC'
  assert(isZone(timeZone), `${timeZone} is not a time zone`)
  let books: Books = {
    settings: {
      gateways: options.gateways ?? {},
      exponents: exponentsWith(options.currencies),
      maximumPostings: options.maximumPostings ?? 1000,
    },
    now: options.now(),
    zone: timeZone,
    closedThrough: undefined,
    entries: [],
    accounts: new Map(),
    frozen: new Map(),
    closed: new Set(),
    escrows: new Map(),
    payments: new Map(),
    fees: new Map(),
    suspense: [],
    instructions: [],
    results: new Map(),
  }

  function applyTo(draft: Books, { command, input, idempotencyKey: given }: OracleCommand): OracleResult {
    const act: Command = commands[command]
    const key = given === undefined ? undefined : readText(given, 255)
    const decide = act(input as Fields, draft)
    const fingerprint = fingerprintOf(draft, { command, input })
    const known = key === undefined ? undefined : draft.results.get(key)
    if (known) {
      refuseIf(known.fingerprint !== fingerprint, 'idempotency_key_reused')
      return { ok: true, ...known.result, replayed: true }
    }
    const result = decide()
    if (key !== undefined) draft.results.set(key, { fingerprint, result })
    return { ok: true, ...result, replayed: result.replayed ?? false }
  }

  return {
    apply(command) {
      const draft = copyBooks(books, options.now())
      try {
        const result = applyTo(draft, command)
        for (const escrow of draft.escrows.values()) checkConservation(draft, escrow)
        books = draft
        return result
      } catch (error) {
        if (error instanceof Refusal) return { ok: false, code: error.code }
        throw error
      }
    },
    balances() {
      const accountsOfBook = [...books.accounts]
      return new Map(accountsOfBook.map(([key, { code, currency }]) => [key, balanceOf(books, code, currency)]))
    },
    entries: () => books.entries,
    status: (id) => statusOf(books, findEscrow(books, id)),
    escrow: (id) => viewOf(books, findEscrow(books, id)),
    dueAt: (id) => dueAt(books, findEscrow(books, id)),
    instruction(name) {
      const place = instructions.placeOf(books, name)
      return place === undefined ? undefined : books.instructions[place]
    },
    instructionsOf: (escrow) => books.instructions.filter((each) => each.kind === 'refund' && each.escrow === escrow),
    account(code) {
      const found = [...books.accounts.values()].filter((each) => each.code === code)
      if (found.length === 0) return undefined
      const isEmpty = found.every(({ currency }) => balanceOf(books, code, currency) === 0n)
      return { isEmpty, restriction: books.closed.has(code) ? 'closed' : books.frozen.get(code) }
    },
    payments: () => [...books.payments.values()].map((payment) => viewOfPayment(books, payment)),
    suspense(which = 'open') {
      const items = books.suspense.map((item, index) => ({ ...item, index }))
      return which === 'all' ? items : items.filter(({ remaining }) => remaining !== 0n)
    },
  }
}
