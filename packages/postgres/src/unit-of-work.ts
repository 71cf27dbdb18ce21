import type { PersistAnswer, Step, Work } from 'escrow-ledger'
import { isLostRace, isStale, isUncertain, unknownError } from './errors.js'
import { findKeys } from './keys.js'
import { loadKeys } from './load.js'
import { preparePersist } from './persist.js'
import type { Unit } from './unit.js'

type PersistStep = Extract<Step, { readonly step: 'persist' }>

/** Where a unit of work stands between its begin and its end. */
export interface Transaction {
  readonly unit: Unit
  /** Begins, ends and takes back; in the host's transaction by a savepoint. */
  readonly begin: () => Promise<unknown>
  readonly commit: () => Promise<unknown>
  readonly rollback: () => Promise<unknown>
  /**
   * Whether a statement alone is a transaction, so that a unit of work of one step needs no begin and no commit. Not so
   * in the host's transaction.
   */
  readonly autocommits: boolean
}

type State = 'new' | 'open' | 'written' | 'over'

/** Runs a unit of work from its first step to its commit. */
export async function runUnit<Result>(transaction: Transaction, work: () => Work<Result>): Promise<Result> {
  const { unit } = transaction
  const at: { state: State } = { state: 'new' }
  const running = work()

  async function open(): Promise<void> {
    if (at.state !== 'new') return
    await transaction.begin()
    at.state = 'open'
  }

  async function answerTo(step: Step): Promise<unknown> {
    if (step.step === 'persist') return answerToPersist(step)
    await open()
    return step.step === 'load' ? loadKeys(unit, step.keys, 'lock') : findKeys(unit, step.idempotencyKeys)
  }

  async function answerToPersist(step: PersistStep): Promise<PersistAnswer> {
    const alone = at.state === 'new' && step.ends && transaction.autocommits
    if (!alone) await open()
    const answer = await (alone ? persistAlone(unit, step) : persistInside(transaction, step))
    if (answer === 'persisted') at.state = alone ? 'over' : 'written'
    return answer
  }

  try {
    let next = running.next()
    // A step's answer is what the function that yielded it declares; a generator's type cannot say so.
    while (!next.done) next = running.next((await answerTo(next.value)) as never)
    if (at.state === 'written') await commit(transaction)
    else if (at.state === 'open') await transaction.rollback()
    return next.value
  } catch (error) {
    forgetOpened(unit)
    if (at.state === 'open' || at.state === 'written') await transaction.rollback().catch(() => {})
    throw error
  } finally {
    // Where a step failed, the work ends as well; where it has ended, this changes nothing.
    running.return(undefined as never)
  }
}

/** The whole unit of work in one statement: when its answer is lost, nobody knows whether it was committed. */
async function persistAlone(unit: Unit, { changes, assumed }: PersistStep): Promise<PersistAnswer> {
  const send = await preparePersist(unit, changes, assumed)
  try {
    await send()
    return 'persisted'
  } catch (error) {
    if (assumed && (isStale(error) || isLostRace(error))) return stale(unit)
    throw isUncertain(error) ? unknownError(changes.keys[0]?.key ?? '', error) : error
  }
}

/** A row that is in the way of what was decided ahead makes it stale; the savepoint keeps the transaction usable. */
async function persistInside({ unit }: Transaction, { changes, assumed }: PersistStep): Promise<PersistAnswer> {
  const send = await preparePersist(unit, changes, assumed)
  if (!assumed) {
    await send()
    return 'persisted'
  }
  await unit.statements.rows('SAVEPOINT ledger_persist')
  try {
    await send()
    await unit.statements.rows('RELEASE SAVEPOINT ledger_persist')
    return 'persisted'
  } catch (error) {
    if (!isStale(error) && !isLostRace(error)) throw error
    await unit.statements.rows('ROLLBACK TO SAVEPOINT ledger_persist')
    return stale(unit)
  }
}

/** Nothing was written, so what was opened has no number. */
function stale(unit: Unit): 'stale' {
  forgetOpened(unit)
  return 'stale'
}

function forgetOpened({ numbers, book, opened }: Unit): void {
  for (const { ref, number } of opened.splice(0)) numbers.forget(book, ref, number)
}

async function commit(transaction: Transaction): Promise<void> {
  try {
    await transaction.commit()
  } catch (error) {
    throw isUncertain(error) ? unknownError('', error) : error
  }
}
