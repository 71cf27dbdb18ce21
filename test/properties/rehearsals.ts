import { createSqliteStorage } from '@escrow-ledger/sqlite'
import {
  bankGateway,
  type Cast,
  createModelStorage,
  type Intent,
  rehearse,
  type Scripted,
  type Step,
} from '@escrow-ledger/testkit'
import { createLedger, type Gateway, type IdSource, type Ledger, type Storage } from 'escrow-ledger'
import { offering } from '../fixtures/operations.js'

/** When the clock of every sequence starts: 2026-11-02T09:00:00Z. */
const START = Date.UTC(2026, 10, 2, 9)

/** Sequences that share one database, each in a book of its own, before a new one is opened. */
const BOOKS_PER_DATABASE = 250

/** A gateway with a step and a minimum, whose money is in a bank account. */
const bank: Gateway = {
  ...offering(['refund', 'payout']),
  clearing: bankGateway.account,
  stepMinor: () => bankGateway.stepMinor,
  minimumMinor: () => bankGateway.minimumMinor,
}

/** A gateway that only takes money in, into an account that the host opens and may limit. */
const till: Gateway = { ...offering(['refund']), clearing: 'wallet:till' }

const oracleGateways: Cast['gateways'] = {
  till: { clearing: 'wallet:till', paysNobody: true },
  bank: {
    clearing: bankGateway.account,
    step: () => bankGateway.stepMinor,
    minimum: () => bankGateway.minimumMinor,
  },
}

export interface Rehearsals {
  /** Takes one sequence with the oracle, the model, SQLite, and whatever else takes part. */
  rehearse(steps: readonly (Intent | Scripted)[], onStep?: (step: Step) => void): Promise<void>
  close(): Promise<void>
}

/** Ids that are the same in every ledger that makes them in the same order. */
function createCountedIds(): { ids: IdSource; restart: (sequence: number) => void } {
  let next = 0
  return {
    ids: () => `00000000-0000-7000-8000-${(next++).toString(16).padStart(12, '0')}`,
    restart: (sequence) => {
      next = sequence * 1_000_000
    },
  }
}

/** With `openMore`, further storages take part, each opened when the others are, and closed with them. */
export function createRehearsals(openMore: Readonly<Record<string, () => Promise<Storage>>> = {}): Rehearsals {
  const clock = { now: START }
  let sequences = 0
  let opened: readonly { name: string; ledger: Ledger; restart: (sequence: number) => void }[] = []

  async function open(name: string, storage: Storage) {
    const { ids, restart } = createCountedIds()
    const ledger = createLedger({ storage, ids, gateways: { bank, till }, runtime: { now: () => clock.now } })
    await ledger.migrate()
    return { name, ledger, restart }
  }

  async function close(): Promise<void> {
    await Promise.all(opened.map(({ ledger }) => ledger.close()))
    opened = []
  }

  return {
    async rehearse(steps, onStep) {
      if (sequences % BOOKS_PER_DATABASE === 0) await close()
      sequences += 1
      if (opened.length === 0) {
        opened = [
          await open('model', createModelStorage()),
          await open('sqlite', createSqliteStorage({ filename: ':memory:' })),
        ]
        for (const [name, openStorage] of Object.entries(openMore)) {
          opened = [...opened, await open(name, await openStorage())]
        }
      }
      clock.now = START
      for (const { restart } of opened) restart(sequences)
      const ledgers = Object.fromEntries(opened.map(({ name, ledger }) => [name, ledger.book(`book-${sequences}`)]))
      await rehearse(steps, { ledgers, clock, gateways: oracleGateways, onStep })
    },
    close,
  }
}
