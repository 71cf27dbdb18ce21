import type { ContenderKind, Facts, Lap } from './contender.js'
import { type ContenderProcess, startContender } from './contender-process.js'
import { median } from './statistics.js'
import type { Course } from './storages.js'
import type { Workload } from './workload.js'

export interface Result extends Facts {
  readonly workload: string
  readonly entries: number
  readonly entriesPerSecond: number
  readonly floorPerSecond: number
  readonly byHandPerSecond: number
  /** The medians over all laps; `lastFloorRatio` over the last quarter of them. */
  readonly floorRatio: number
  readonly lastFloorRatio: number
  readonly byHandRatio: number
}

/** A lap is long enough for the start and the end of it, when not all callers are at work, to matter little. */
const LAP_PER_CALLER = 2.5
const MOST_CALLS_OF_A_LAP = 25_000
const USUAL_LAPS = 10
/** One transaction a call takes too long for more, so that in longer races what is done by hand is a smaller book. */
const MOST_BY_HAND = 100_000

interface Round {
  readonly ledger: Lap
  readonly floor: Lap
  readonly byHand: Lap
}

/**
 * Lets the ledger, the floor and the hand-written code do the same work in turn, a lap at a time, and compares lap with
 * lap: whatever else the machine does meanwhile slows all three of them.
 */
export async function race(
  workload: Workload,
  asked: { entries: number; storage: string; course: Course; interrupt: AbortSignal },
): Promise<Result> {
  const { storage, course, interrupt } = asked
  const place = await course.openRace()
  const start = (kind: ContenderKind) =>
    startContender({ storage, kind, workload: workload.name, place: place.placeOf(kind) })
  const contenders = { ledger: start('ledger'), floor: start('floor'), byHand: start('by hand') }
  const stop = () => Promise.all(Object.values(contenders).map((contender) => contender.stop()))
  interrupt.addEventListener('abort', stop)
  try {
    interrupt.throwIfAborted()
    for (const contender of Object.values(contenders)) await contender.setUp()
    const calls = Math.max(1, Math.round(asked.entries / workload.entriesPerCall))
    const handShare = Math.min(workload.handShare, MOST_BY_HAND / calls)
    await runRound(contenders, handShare, { calls: Math.min(calls, lapOf(workload)), nth: 0 })
    await contenders.ledger.forget()
    const laps = lapsOf(workload, calls)
    const rounds: Round[] = []
    for (const [nth, count] of laps.entries()) {
      rounds.push(await runRound(contenders, handShare, { calls: count, nth }))
    }
    const facts = await contenders.ledger.finish()
    return { workload: workload.name, entries: calls * workload.entriesPerCall, ...facts, ...compare(rounds) }
  } finally {
    interrupt.removeEventListener('abort', stop)
    await stop()
    await place.close()
  }
}

function lapOf({ callers }: Workload): number {
  return Math.max(500, Math.ceil(LAP_PER_CALLER * callers))
}

/** Calls of each lap. */
function lapsOf(workload: Workload, calls: number): number[] {
  const usual = Math.min(USUAL_LAPS, Math.floor(calls / lapOf(workload)))
  const laps = Math.max(1, usual, Math.ceil(calls / MOST_CALLS_OF_A_LAP))
  return Array.from(
    { length: laps },
    (_, nth) => Math.floor((calls * (nth + 1)) / laps) - Math.floor((calls * nth) / laps),
  )
}

/** One lap of everybody. Who goes first changes, so that nobody always finds what another left the machine with. */
async function runRound(
  { ledger, floor, byHand }: Record<keyof Round, ContenderProcess>,
  handShare: number,
  { calls, nth }: { calls: number; nth: number },
): Promise<Round> {
  await floor.prepare(calls)
  await byHand.prepare(Math.max(1, Math.round(calls * handShare)))
  await ledger.prepare(calls)
  if (nth % 2 === 0) {
    const first = await ledger.run()
    return { ledger: first, floor: await floor.run(), byHand: await byHand.run() }
  }
  const first = await floor.run()
  return { ledger: await ledger.run(), floor: first, byHand: await byHand.run() }
}

function compare(rounds: readonly Round[]) {
  const floorRatios = rounds.map(({ ledger, floor }) => rateOf([ledger]) / rateOf([floor]))
  return {
    entriesPerSecond: rateOf(rounds.map(({ ledger }) => ledger)),
    floorPerSecond: rateOf(rounds.map(({ floor }) => floor)),
    byHandPerSecond: rateOf(rounds.map(({ byHand }) => byHand)),
    floorRatio: median(floorRatios),
    lastFloorRatio: median(floorRatios.slice(-Math.ceil(floorRatios.length / 4))),
    byHandRatio: median(rounds.map(({ ledger, byHand }) => rateOf([ledger]) / rateOf([byHand]))),
  }
}

function rateOf(laps: readonly Lap[]): number {
  const entries = laps.reduce((sum, lap) => sum + lap.entries, 0)
  return (entries * 1_000) / laps.reduce((sum, lap) => sum + lap.ms, 0)
}
