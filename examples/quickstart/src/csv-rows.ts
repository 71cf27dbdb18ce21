import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { CsvError, parse } from 'csv-parse/sync'

/** One line of the file: its fields, or why it has none that can be trusted. */
export type CsvRow =
  | { readonly line: number; readonly fields: readonly string[] }
  | { readonly line: number; readonly problem: string }

/** Longer than ten ids of 128 characters with all of them escaped. */
const MAX_LINE = 10_000
/** More than so many characters, whichever they are. */
const MOST_BYTES = 4 * MAX_LINE + 4
const LINE_FEED = 0x0a

/**
 * Reads a CSV file in blocks, however long it is. Lines that are empty are left out.
 *
 * No field may have a line break in it, so a row is one line, and quotes that are left open spoil that line alone: a
 * parser that takes the file as a whole would lose every row up to the next quote.
 */
export async function* readCsv(file: string): AsyncGenerator<readonly CsvRow[]> {
  let line = 1
  let rest: Buffer = Buffer.alloc(0)
  function* rowsOf(block: Buffer): Generator<readonly CsvRow[]> {
    const lines = linesOf(block, line)
    const rows = parseLines(lines)
    line += lines.length
    if (rows.length > 0) yield rows
  }
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    const bytes = Buffer.concat([rest, chunk])
    const end = bytes.lastIndexOf(LINE_FEED)
    if (end >= 0) yield* rowsOf(bytes.subarray(0, end))
    // What is cut here is refused for its length when its end is reached.
    rest = bytes.subarray(end + 1, end + 1 + MOST_BYTES)
  }
  yield* rowsOf(rest)
}

interface Line {
  readonly line: number
  readonly text: string
  readonly isUtf8: boolean
}

function linesOf(block: Buffer, firstLine: number): Line[] {
  const texts = block.toString().split('\n')
  if (firstLine === 1) texts[0] = (texts[0] ?? '').replace(/^\uFEFF/, '')
  const allUtf8 = isUtf8(block)
  let start = 0
  return texts.map((text, index) => {
    const end = block.indexOf(LINE_FEED, start)
    const sound = allUtf8 || isUtf8(block.subarray(start, end < 0 ? block.length : end))
    start = end + 1
    return { line: firstLine + index, text: text.replace(/\r$/, ''), isUtf8: sound }
  })
}

const options = { relax_column_count: true, record_delimiter: '\n' } as const

/** All lines at once, which is the fast way; one by one where that does not give one row for each line. */
function parseLines(lines: readonly Line[]): CsvRow[] {
  const numbered = lines.filter(({ text }) => text !== '')
  try {
    const rows: string[][] = parse(numbered.map(({ text }) => text).join('\n'), options)
    if (rows.length === numbered.length && numbered.every(isSound)) {
      return rows.map((fields, index) => ({ line: numbered[index]?.line ?? 0, fields }))
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
  }
  return numbered.map(parseLine)
}

function parseLine({ line, text, isUtf8 }: Line): CsvRow {
  if (text.length > MAX_LINE) return { line, problem: `has more than ${MAX_LINE} characters` }
  if (!isUtf8) return { line, problem: 'has bytes that are not UTF-8' }
  try {
    const [fields] = parse(text, options)
    return { line, fields: fields ?? [] }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    return { line, problem: 'has a quote in the wrong place or one that is not closed' }
  }
}

function isSound({ text, isUtf8 }: Line): boolean {
  return text.length <= MAX_LINE && isUtf8
}
