import type { Lap } from './contender.js'
import { type ContenderProcess, startContender } from './contender-process.js'
import type { Course } from './storages.js'
import type { Workload } from './workload.js'

/** The ledger alone at one size of its book. */
export interface Size {
  readonly workload: string
  /** Entries (or escrows that are due) by then. */
  readonly entries: number
  readonly perSecond: number
  /** The rate over that at the first of the sizes. */
  readonly ofFirst: number
}

export interface Growth {
  readonly sizes: readonly Size[]
  readonly peakMemoryMb: number
}

const LAP = 25_000
const LAPS_OF_A_SIZE = 4
/** Each size is so many times the one before it, until the last. */
const STEP = 10

/**
 * Lets the ledger alone work until its book has so many entries, and compares its rates on the way: how long the last
 * 100,000 took at 100,000, at each ten times as many, and at the end. A backlog is there as a whole before it is worked off,
 * so it is compared the other way round: the largest comes first.
 */
export async function grow(
  workload: Workload,
  asked: { entries: number; storage: string; course: Course; interrupt: AbortSignal },
): Promise<Growth> {
  const { storage, course, interrupt } = asked
  const place = await course.openRace()
  const ledger = startContender({ storage, kind: 'ledger', workload: workload.name, place: place.placeOf('ledger') })
  interrupt.addEventListener('abort', ledger.stop)
  try {
    await ledger.setUp()
    const laps = Math.max(LAPS_OF_A_SIZE, Math.ceil(asked.entries / workload.entriesPerCall / LAP))
    const sizes = await runsOf(workload)(ledger, { workload, laps, interrupt })
    const { peakMemoryMb } = await ledger.finish()
    return { sizes, peakMemoryMb }
  } finally {
    interrupt.removeEventListener('abort', ledger.stop)
    await ledger.stop()
    await place.close()
  }
}

interface Asked {
  readonly workload: Workload
  readonly laps: number
  readonly interrupt: AbortSignal
}

type Run = (ledger: ContenderProcess, asked: Asked) => Promise<Size[]>

function runsOf({ growsBy }: Workload): Run {
  if (growsBy === 'history') return askOfHistory
  return growsBy === 'backlog' ? workOffBacklog : addEntries
}

const addEntries: Run = async (ledger, { workload, laps, interrupt }) => {
  const last: Lap[] = []
  const sizes: Size[] = []
  for (let lap = 1; lap <= laps; lap++) {
    interrupt.throwIfAborted()
    await ledger.prepare(LAP)
    last.push(await ledger.run())
    if (isMark(lap, laps)) noteSize(sizes, workload, { lap, last: last.slice(-LAPS_OF_A_SIZE) })
  }
  return sizes
}

const askOfHistory: Run = async (ledger, { workload, laps, interrupt }) => {
  const sizes: Size[] = []
  for (let lap = 1; lap <= laps; lap++) {
    interrupt.throwIfAborted()
    await ledger.prepare(LAP)
    if (isMark(lap, laps)) noteSize(sizes, workload, { lap, last: [await ledger.run()] })
  }
  return sizes
}

const workOffBacklog: Run = async (ledger, { workload, laps, interrupt }) => {
  const sizes: Size[] = []
  for (let lap = 1; lap <= laps; lap++) {
    interrupt.throwIfAborted()
    await ledger.prepare(LAP)
  }
  const done: Lap[] = []
  for (let left = laps; left > 0; left--) {
    interrupt.throwIfAborted()
    done.push(await ledger.run())
    // What was left when the last four of them began.
    const size = left + LAPS_OF_A_SIZE - 1
    if (isMark(size, laps) && done.length >= LAPS_OF_A_SIZE) {
      noteSize(sizes, workload, { lap: size, last: done.slice(-LAPS_OF_A_SIZE) })
    }
  }
  return sizes
}

/** At 100,000, at each ten times as many, and at the end. */
function isMark(lap: number, laps: number): boolean {
  if (lap === laps) return true
  let size = LAPS_OF_A_SIZE
  while (size < lap) size *= STEP
  return size === lap
}

function noteSize(sizes: Size[], workload: Workload, { lap, last }: { lap: number; last: readonly Lap[] }): void {
  const counted = last.reduce((sum, { entries }) => sum + entries, 0)
  const perSecond = (counted * 1_000) / last.reduce((sum, { ms }) => sum + ms, 0)
  const entries = lap * LAP * workload.entriesPerCall
  const size = { workload: workload.name, entries, perSecond, ofFirst: perSecond / (sizes[0]?.perSecond ?? perSecond) }
  process.stderr.write(`  ${growthLine(size)}\n`)
  sizes.push(size)
}

export function growthLine({ workload, entries, perSecond, ofFirst }: Size): string {
  const whole = (value: number) => Math.round(value).toLocaleString('en-US')
  return `${workload} at ${whole(entries)}: ${whole(perSecond)} a second, ${ofFirst.toFixed(2)} of the first`
}
