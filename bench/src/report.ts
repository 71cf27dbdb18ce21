import { type Growth, growthLine } from './growth.js'
import type { Result } from './race.js'

/** The results as one JSON array, for programs. */
export function jsonReport(results: readonly Result[], storage: string): string {
  const rows = results.map((result) => ({
    workload: result.workload,
    storage,
    entries: result.entries,
    entriesPerSecond: rounded(result.entriesPerSecond, 0),
    p50Ms: rounded(result.p50Ms, 3),
    p99Ms: rounded(result.p99Ms, 3),
    bytesPerEntry: rounded(result.bytesPerEntry, 1),
    peakMemoryMb: rounded(result.peakMemoryMb, 1),
    floorRatio: rounded(result.floorRatio, 3),
    byHandRatio: rounded(result.byHandRatio, 2),
  }))
  return `${JSON.stringify(rows, null, 2)}\n`
}

/** One result while the others are still to come. */
export function resultLine(result: Result): string {
  return columns
    .slice(2)
    .map(([title, cell]) => `${title} ${cell(result)}`)
    .join(', ')
}

function rounded(value: number, places: number): number {
  return Number(value.toFixed(places))
}

const columns: readonly (readonly [title: string, cell: (result: Result) => string])[] = [
  ['workload', ({ workload }) => workload],
  ['entries', ({ entries }) => whole(entries)],
  ['entries/s', ({ entriesPerSecond }) => whole(entriesPerSecond)],
  ['p50 ms', ({ p50Ms }) => p50Ms.toFixed(2)],
  ['p99 ms', ({ p99Ms }) => p99Ms.toFixed(2)],
  ['bytes/entry', ({ bytesPerEntry }) => whole(bytesPerEntry)],
  ['memory MB', ({ peakMemoryMb }) => whole(peakMemoryMb)],
  ['floor/s', ({ floorPerSecond }) => whole(floorPerSecond)],
  ['of floor', ({ floorRatio }) => floorRatio.toFixed(2)],
  ['at the end', ({ lastFloorRatio }) => lastFloorRatio.toFixed(2)],
  ['by hand/s', ({ byHandPerSecond }) => whole(byHandPerSecond)],
  ['times by hand', ({ byHandRatio }) => byHandRatio.toFixed(1)],
]

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** The results as a table, for people. */
export function tableReport(results: readonly Result[]): string {
  const rows = [columns.map(([title]) => title), ...results.map((result) => columns.map(([, cell]) => cell(result)))]
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
  return `${rows.map(line).join('\n')}\n`
}

/** How the rate changed as the book grew: a line a size, or one JSON array. */
export function growthReport(grown: readonly Growth[], { json, storage }: { json: boolean; storage: string }): string {
  if (!json) {
    const lines = grown.flatMap(({ sizes, peakMemoryMb }) => [
      ...sizes.map(growthLine),
      `${whole(peakMemoryMb)} MB at most`,
    ])
    return `${lines.join('\n')}\n`
  }
  const rows = grown.flatMap(({ sizes, peakMemoryMb }) =>
    sizes.map(({ workload, entries, perSecond, ofFirst }) => ({
      workload,
      storage,
      entries,
      entriesPerSecond: rounded(perSecond, 0),
      ofFirst: rounded(ofFirst, 3),
      peakMemoryMb: rounded(peakMemoryMb, 1),
    })),
  )
  return `${JSON.stringify(rows, null, 2)}\n`
}
