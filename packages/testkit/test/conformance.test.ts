import { LedgerError, type Storage } from 'escrow-ledger'
import { describe, expect, it, test } from 'vitest'
import { type ConformanceOptions, conformanceCases, createModelStorage, storageConformance } from '../src/index.js'
import { interleaved, swallowing, withSteps } from './fixtures/faulty-steps.js'

interface Registered {
  readonly run: Map<string, () => Promise<void>>
  readonly skipped: string[]
}

/** Registers the suite for storages made of the model, with a runner that only takes notes. */
function register(options: Partial<ConformanceOptions> & { alter?: (storage: Storage) => Storage }): Registered {
  const { alter = (storage) => storage, ...rest } = options
  const run = new Map<string, () => Promise<void>>()
  const skipped: string[] = []
  const notes = Object.assign((name: string, body: () => Promise<void>) => void run.set(name, body), {
    skip: (name: string) => void skipped.push(name),
  })
  storageConformance({
    describe: (_, body) => body(),
    it: notes,
    async createStorage() {
      const storage = alter(createModelStorage())
      return { storage, close: () => storage.close() }
    },
    ...rest,
  })
  return { run, skipped }
}

describe('the conformance suite', () => {
  test('has a name of its own for each case', () => {
    expect(new Set(conformanceCases).size).toBe(conformanceCases.length)
    expect([...register({}).run.keys()]).toEqual(conformanceCases)
  })

  test('says why a case is skipped', () => {
    const { run, skipped } = register({ skip: { 'keeps what it answered': 'It lives in memory.' } })
    expect(skipped).toEqual(['keeps what it answered (skipped: It lives in memory.)'])
    expect(run.size).toBe(conformanceCases.length - 1)
  })

  test('says it with a runner that cannot skip, too', async () => {
    const names: string[] = []
    register({ it: (name) => void names.push(name), skip: { 'keeps what it answered': 'It lives in memory.' } })
    expect(names).toContain('keeps what it answered (skipped: It lives in memory.)')
  })

  test('skips nothing without a reason, and nothing that is not there', () => {
    expect(() => register({ skip: { 'keeps what it answered': ' ' } })).toThrow(RangeError)
    expect(() => register({ skip: { 'keeps what it answerd': 'It lives in memory.' } })).toThrow(RangeError)
  })

  test('fails a case that needs a way to open the books again, where there is none', async () => {
    await expect(register({}).run.get('keeps what it answered')?.()).rejects.toThrow('no way to open it again')
  })

  test('closes the storage of a case that fails', async () => {
    let closed = 0
    const alter = (storage: Storage): Storage => ({
      ...storage,
      migrate: async () => {
        throw new LedgerError('schema_newer', 'too new')
      },
      async close() {
        closed += 1
      },
    })
    const { run } = register({ alter })
    await expect(run.get('lists books in order, each by its own name')?.()).rejects.toThrow('too new')
    expect(closed).toBe(1)
  })
})

/** A storage with one fault, and the case that must find it. */
interface Fault {
  readonly fault: string
  readonly alter: (storage: Storage) => Storage
  readonly foundBy: string
}

const faults: readonly Fault[] = [
  {
    fault: 'runs units of work side by side',
    alter: (storage) => ({ ...storage, transact: interleaved(storage) }),
    foundBy: 'loses no posting of callers at one account',
  },
  {
    fault: 'persists in spite of a wrong assumption',
    alter: (storage) => withSteps(storage, (step) => (step.step === 'persist' ? { ...step, assumed: null } : step)),
    foundBy: 'is stale when an account changed',
  },
  {
    fault: 'does not look for the entries that are assumed',
    alter: (storage) =>
      withSteps(storage, (step) => {
        if (step.step !== 'persist' || step.assumed === null) return step
        return { ...step, assumed: { ...step.assumed, entries: [] } }
      }),
    foundBy: 'is stale when an entry is not there, whatever the revisions are',
  },
  {
    fault: 'commits what a failed unit of work had written',
    alter: (storage) => ({
      ...storage,
      transact: (book, work) =>
        storage
          .transact(book, () => swallowing(work()))
          .then((outcome) => {
            if ('error' in outcome) throw outcome.error
            return outcome.result
          }),
    }),
    foundBy: 'leaves nothing of a unit of work that throws',
  },
  {
    fault: 'sorts by UTF-16 units',
    alter: (storage) => ({
      ...storage,
      reads: { ...storage.reads, books: async () => [...(await storage.reads.books())].sort() },
    }),
    foundBy: 'lists books in order, each by its own name',
  },
  {
    fault: 'turns amounts into numbers',
    alter: (storage) =>
      withSteps(storage, (step) => {
        if (step.step !== 'persist') return step
        const accounts = step.changes.accounts.map((change) => ({
          ...change,
          after: { ...change.after, debitsPosted: BigInt(Number(change.after.debitsPosted)) },
        }))
        return { ...step, changes: { ...step.changes, accounts } }
      }),
    foundBy: 'keeps amounts exact to 64 bits',
  },
  {
    fault: 'forgets backdates',
    alter: (storage) =>
      withSteps(storage, (step) => {
        if (step.step !== 'persist') return step
        return { ...step, changes: { ...step.changes, days: { ...step.changes.days, backdates: [] } } }
      }),
    foundBy: 'inserts a backdate between closed days',
  },
  {
    fault: 'reads a snapshot as it goes on',
    alter: (storage) => ({ ...storage, snapshot: (read) => read(storage.reads) }),
    foundBy: 'shows what was there when it began, to its end',
  },
]

describe('the conformance suite finds a storage that', () => {
  for (const { fault, alter, foundBy } of faults) {
    it(fault, async () => {
      const whole = register({}).run.get(foundBy)
      const broken = register({ alter }).run.get(foundBy)
      await whole?.()
      await expect(broken?.()).rejects.toThrow()
    })
  }
})
