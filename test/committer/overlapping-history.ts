import type { Commit, CommitFate } from '@escrow-ledger/testkit'
import { createModelStorage, createTestRuntime } from '@escrow-ledger/testkit'
import { createIdSource, createLedger, type Ledger, LedgerError, type Storage } from 'escrow-ledger'
import { deal, inr } from '../fixtures/deals.js'
import { START } from '../fixtures/open-ledger.js'

/** Something that is asked for, of few accounts and deals, so that everything is in everything's way. */
export type Deed =
  | { readonly deed: 'move'; readonly from: string; readonly to: string; readonly amount: number }
  | { readonly deed: 'open' | 'complete' | 'settle'; readonly escrow: string }
  | { readonly deed: 'fund'; readonly escrow: string; readonly payment: number }
  | { readonly deed: 'freeze' | 'unfreeze'; readonly account: string }
  | { readonly deed: 'close'; readonly day: number }
  | { readonly deed: 'reverse'; readonly of: number }

export interface Plan {
  readonly seed: number
  readonly maxBatch: number
  readonly inFlight: number
  /** What becomes of the commits, in order; all others are committed. */
  readonly fates: readonly CommitFate[]
  readonly calls: readonly PlannedCall[]
}

interface PlannedCall {
  readonly deed: Deed
  readonly by: 'ledger' | 'foreign'
  /** `own`: the library makes the key. `again`: the call before it once more, under its key. */
  readonly key: 'given' | 'own' | 'again'
  /** Turns of the event loop that pass before it. */
  readonly turns: number
}

/** A call and what came of it. */
export interface Made {
  readonly index: number
  readonly deed: Deed
  readonly by: PlannedCall['by']
  readonly key: string
  /** How often its accounts had been posted to when it was made, and when it was answered. */
  readonly versions: { readonly from: Versions; readonly through: Versions }
  readonly answer: { readonly replayed: boolean } | null
  readonly error: LedgerError | null
}

type Versions = ReadonlyMap<string, number>

export interface History {
  readonly storage: Storage
  readonly ledger: Ledger
  readonly made: readonly Made[]
  readonly commits: readonly Commit[]
}

/** Entries by the call that made them. */
type EntryIds = Map<number, string>

/** Does one deed. What is answered with the state of a moment later is answered with nothing here. */
export async function perform(
  ledger: Ledger,
  { deed, key, ids }: { deed: Deed; key?: string | undefined; ids: EntryIds },
): Promise<object> {
  const options = key === undefined ? {} : { idempotencyKey: key }
  switch (deed.deed) {
    case 'move': {
      const amount = inr(`${deed.amount}.00`)
      const postings = [
        { account: deed.to, debit: amount },
        { account: deed.from, credit: amount },
      ]
      return ledger.journal.post({ postings }, options)
    }
    case 'open':
      return ledger.escrows.open(deal(deed.escrow), options)
    case 'complete':
      return ledger.escrows.complete({ id: deed.escrow }, options)
    case 'settle':
      return ledger.escrows.settle({ id: deed.escrow, early: { reason: 'agreed' } }, options)
    case 'fund': {
      const payment = { gateway: 'razorpay', reference: `${deed.escrow}-${deed.payment}` }
      return ledger.escrows.fund({ id: deed.escrow, amount: inr('400.00'), ...payment }, options)
    }
    case 'freeze':
      await ledger.accounts.freeze({ code: deed.account }, options)
      return {}
    case 'unfreeze':
      await ledger.accounts.unfreeze({ code: deed.account }, options)
      return {}
    case 'close':
      await ledger.books.close({ through: `2026-10-${10 + deed.day}` }, options)
      return {}
    case 'reverse': {
      const entry = ids.get(deed.of) ?? '01890a5d-ac96-774b-bcce-b302099a8057'
      return ledger.journal.reverse({ entry, effectiveAt: START, reason: 'By mistake.' }, options)
    }
  }
}

export const wallets = ['wallet:1', 'wallet:2']

/** What every history begins with. */
async function prepare(ledger: Ledger): Promise<void> {
  for (const code of wallets) {
    await ledger.accounts.open({ code, currency: 'INR', type: 'asset', floor: inr('0.00') })
    await perform(ledger, { deed: { deed: 'move', from: 'bank:hdfc', to: code, amount: 20 }, ids: new Map() })
  }
}

/** Makes the calls of a plan over the model, by a ledger that decides ahead and by a foreign one beside it. */
export async function makeHistory({ seed, maxBatch, inFlight, fates, calls }: Plan): Promise<History> {
  const commits: Commit[] = []
  const versions = new Map<string, number>()
  const left = [...fates]
  let prepared = false
  const storage = createModelStorage({
    runtime: createTestRuntime({ start: START, seed }),
    overlap: {
      inFlight,
      fate: () => (prepared ? (left.shift() ?? 'committed') : 'committed'),
      committed(commit) {
        if (prepared && commit.changes.length > 0) commits.push(commit)
        for (const { accounts } of commit.changes)
          for (const { key, after } of accounts) versions.set(key, after.version)
      },
    },
  })
  const source = createIdSource({ ...storage.runtime, now: () => START })
  let lastId = ''
  const ids = () => {
    lastId = source()
    return lastId
  }
  const options = { ids, limits: { maxBatch }, runtime: { now: () => START } }
  const ledger = createLedger({ ...options, storage })
  const foreign = createLedger({ ...options, storage: { ...storage, ahead: undefined } })
  await prepare(ledger)
  prepared = true

  const entryIds: EntryIds = new Map()
  const made: Promise<Made>[] = []
  const before: { key: string; deed: Deed }[] = []
  for (const [index, call] of calls.entries()) {
    for (let turn = 0; turn < call.turns; turn++) await storage.runtime.yield()
    const again = call.key === 'again' ? before.at(-1) : undefined
    const deed: Deed = again?.deed ?? call.deed
    const given = again?.key ?? (call.key === 'own' ? undefined : `key-${index}`)
    const from = new Map(versions)
    const answer = perform(call.by === 'ledger' ? ledger : foreign, { deed, key: given, ids: entryIds })
    // The library makes the key before anything else, in the same turn.
    const key = given ?? lastId
    before.push({ key, deed })
    const through = () => ({ from, through: new Map(versions) })
    made.push(
      answer.then(
        (value) => {
          const entry = (value as { entry?: { id: string } }).entry
          if (entry) entryIds.set(index, entry.id)
          const replayed = (value as { replayed?: boolean }).replayed ?? false
          return { index, deed, by: call.by, key, versions: through(), answer: { ...value, replayed }, error: null }
        },
        (error: unknown) => {
          if (!(error instanceof LedgerError)) throw error
          return { index, deed, by: call.by, key, versions: through(), answer: null, error }
        },
      ),
    )
  }
  return { storage, ledger, made: await Promise.all(made), commits }
}

/** A new ledger over the plain model, whose units of work come one after another, with what every history begins with. */
export async function openSerial(): Promise<{ readonly ledger: Ledger; readonly storage: Storage }> {
  const storage = createModelStorage({ runtime: createTestRuntime({ start: START }) })
  const ledger = createLedger({ storage, runtime: { now: () => START } })
  await prepare(ledger)
  return { ledger, storage }
}
