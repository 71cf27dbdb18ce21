/** Tables of plain text, for terminals of 80 to 100 columns. */

export interface TableColumn {
  readonly title: string
  readonly align?: 'left' | 'right' | undefined
  /** Longer texts are cut. */
  readonly maxWidth?: number | undefined
}

const GAP = '  '
const INDENT = '  '

/** The lines of a table; null among the rows leaves a line empty. A table without any titles has no line for them. */
export function table(columns: readonly TableColumn[], rows: readonly (readonly string[] | null)[]): string[] {
  const head = columns.some(({ title }) => title !== '') ? [columns.map(({ title }) => title)] : []
  const cells = [...head, ...rows].map(
    (row) => row && columns.map(({ maxWidth }, index) => cut(row[index] ?? '', maxWidth ?? Number.POSITIVE_INFINITY)),
  )
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => displayWidth(row?.[index] ?? ''))))
  return cells.map((row) => {
    if (!row) return ''
    const padded = row.map((text, index) => pad(text, widths[index] ?? 0, columns[index]?.align ?? 'left'))
    return `${INDENT}${padded.join(GAP)}`.trimEnd()
  })
}

/** Divides columns into as many tables as it takes for each to fit beside a first column. */
export function fitColumns<Column>(
  columns: readonly Column[],
  { widthOf, first, available = 98 }: { widthOf: (column: Column) => number; first: number; available?: number },
): Column[][] {
  const tables: Column[][] = []
  let left = 0
  for (const column of columns) {
    const width = GAP.length + widthOf(column)
    const current = tables.at(-1)
    if (current && width <= left) {
      current.push(column)
      left -= width
    } else {
      tables.push([column])
      left = available - INDENT.length - first - width
    }
  }
  return tables
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(width - displayWidth(text))
  return align === 'left' ? text + space : space + text
}

const graphemes = new Intl.Segmenter()
const wide =
  /\p{Emoji_Presentation}|\uFE0F|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/u

/** How many places a text takes in a terminal, where emoji and East Asian characters take two. */
export function displayWidth(text: string): number {
  let width = 0
  for (const { segment } of graphemes.segment(text)) width += wide.test(segment) ? 2 : 1
  return width
}

function cut(text: string, maxWidth: number): string {
  if (displayWidth(text) <= maxWidth) return text
  let kept = ''
  for (const { segment } of graphemes.segment(text)) {
    if (displayWidth(kept + segment) > maxWidth - 1) break
    kept += segment
  }
  return `${kept}…`
}
