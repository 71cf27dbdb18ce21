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

/** When the clock of every sequence starts: 2026-11-02T09:00:00Z. */
const START = Date.UTC(2026, 10, 2, 9)

/** Sequences that share one database, each in a book of its own, before a new one is opened. */
const BOOKS_PER_DATABASE = 250

const nothing = async () => ({ outcome: 'unknown', reason: 'nothing is sent in a rehearsal' }) as const

/** A gateway with a step and a minimum, whose money is in a bank account. */
const bank: Gateway = {
  clearing: bankGateway.account,
  stepMinor: () => bankGateway.stepMinor,
  minimumMinor: () => bankGateway.minimumMinor,
  resendWindowMs: null,
  send: nothing,
  ask: nothing,
}

const oracleGateways: Cast['gateways'] = {
  bank: {
    clearing: bankGateway.account,
    step: () => bankGateway.stepMinor,
    minimum: () => bankGateway.minimumMinor,
  },
}

export interface Rehearsals {
  /** Takes one sequence with the oracle, the model and SQLite. */
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

export function createRehearsals(): Rehearsals {
  const clock = { now: START }
  let sequences = 0
  let opened: readonly { ledger: Ledger; restart: (sequence: number) => void }[] = []

  async function open(storage: Storage) {
    const { ids, restart } = createCountedIds()
    const ledger = createLedger({ storage, ids, gateways: { bank }, runtime: { now: () => clock.now } })
    await ledger.migrate()
    return { ledger, restart }
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
        opened = [await open(createModelStorage()), await open(createSqliteStorage({ filename: ':memory:' }))]
      }
      clock.now = START
      for (const { restart } of opened) restart(sequences)
      const [model, sqlite] = opened.map(({ ledger }) => ledger.book(`book-${sequences}`))
      if (!model || !sqlite) throw new Error('A rehearsal needs two ledgers.')
      await rehearse(steps, { ledgers: { model, sqlite }, clock, gateways: oracleGateways, onStep })
    },
    close,
  }
}
