import type { Storage } from 'escrow-ledger'

/** A storage whose process can die: nothing reaches the database from then on. What it had committed stays. */
export interface MortalStorage {
  readonly storage: Storage
  die(): void
  /** Dies in place of the nth unit of work from now; 1 is the next. */
  dieAt(nth: number): void
  isDead(): boolean
}

/** What a dead process throws: nobody is left to hear it. */
export class ProcessDied extends Error {}

export function mortal(storage: Storage): MortalStorage {
  let dead = false
  let left = Number.POSITIVE_INFINITY

  async function alive<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    if (dead) throw new ProcessDied('the process has died')
    return work()
  }

  return {
    storage: {
      ...storage,
      transact: (book, work) => {
        left -= 1
        if (left === 0) dead = true
        return alive(() => storage.transact(book, work))
      },
      reads: Object.fromEntries(
        Object.entries(storage.reads).map(([name, read]) => [
          name,
          (...given: unknown[]) => alive(() => (read as (...given: unknown[]) => Promise<unknown>)(...given)),
        ]),
      ) as unknown as Storage['reads'],
    },
    die: () => {
      dead = true
    },
    dieAt: (nth) => {
      left = nth
    },
    isDead: () => dead,
  }
}
