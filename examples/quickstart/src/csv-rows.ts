import { createReadStream } from 'node:fs'
import { CsvError, parse } from 'csv-parse/sync'

/** One line of the file: its fields, or why it has none that can be trusted. */
export type CsvRow =
  | { readonly line: number; readonly fields: readonly string[] }
  | { readonly line: number; readonly problem: string }

/** Longer than ten ids of 128 characters with all of them escaped. */
const MAX_LINE = 10_000

/**
 * Reads a CSV file in blocks, however long it is. Lines that are empty are left out.
 *
 * No field may have a line break in it, so a row is one line, and quotes that are left open spoil that line alone: a
 * parser that takes the file as a whole would lose every row up to the next quote.
 */
export async function* readCsv(file: string): AsyncGenerator<readonly CsvRow[]> {
  const decoder = new TextDecoder()
  let line = 1
  let rest = ''
  function* rowsOf(lines: readonly string[]): Generator<readonly CsvRow[]> {
    const rows = parseLines(lines, line)
    line += lines.length
    if (rows.length > 0) yield rows
  }
  for await (const chunk of createReadStream(file)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    // What is cut here is refused for its length when its end is reached.
    rest = (lines.pop() ?? '').slice(0, MAX_LINE + 1)
    yield* rowsOf(lines)
  }
  yield* rowsOf([rest + decoder.decode()])
}

const options = { relax_column_count: true, record_delimiter: '\n' } as const

/** All lines at once, which is the fast way; one by one where that does not give one row for each line. */
function parseLines(lines: readonly string[], firstLine: number): CsvRow[] {
  const numbered = lines
    .map((text, index) => ({ line: firstLine + index, text: text.replace(/\r$/, '') }))
    .filter(({ text }) => text !== '')
  try {
    const rows: string[][] = parse(numbered.map(({ text }) => text).join('\n'), options)
    if (rows.length === numbered.length && numbered.every(({ text }) => isSound(text))) {
      return rows.map((fields, index) => ({ line: numbered[index]?.line ?? firstLine, fields }))
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
  }
  return numbered.map(parseLine)
}

function parseLine({ line, text }: { line: number; text: string }): CsvRow {
  if (text.length > MAX_LINE) return { line, problem: `has more than ${MAX_LINE} characters` }
  if (text.includes('\uFFFD')) return { line, problem: 'has bytes that are not UTF-8' }
  try {
    const [fields] = parse(text, options)
    return { line, fields: fields ?? [] }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    return { line, problem: 'has a quote in the wrong place or one that is not closed' }
  }
}

function isSound(text: string): boolean {
  return text.length <= MAX_LINE && !text.includes('\uFFFD')
}
