import { readFileSync } from 'node:fs'

/** A cell of a table of `docs/states.md`. */
export interface DocumentedCell {
  readonly state: string
  /** The heading of its column. */
  readonly column: string
  /** A refusal's code, `ok`, or for a settlement run what it does. */
  readonly outcome: string
}

/** The cells of the table under a heading, row by row. */
export function documentedCells(heading: string): readonly DocumentedCell[] {
  const text = readFileSync(new URL('../../docs/states.md', import.meta.url), 'utf8')
  const [, section = ''] = text.split(`\n## ${heading}\n`)
  const [table = ''] = section.split('\n## ')
  const rows = table
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.slice(2, -2).split(' | '))
  const [header = [], , ...states] = rows
  return states.flatMap(([state = '', ...cells]) =>
    cells.map((cell, index) => {
      const column = header[index + 1] ?? ''
      return { state, column, outcome: column === 'settlement run' ? cell : outcomeOf(cell) }
    }),
  )
}

/** Codes stand in backquotes; anything else says what came of a command that was carried out. */
const outcomeOf = (cell: string): string => /^`([a-z_]+)`$/.exec(cell)?.[1] ?? 'ok'

/** A documented cell as a rehearsal tells it: which command, met in which state, came to what. */
interface DocumentedStep {
  readonly command: string
  readonly state: string
  readonly outcome: string
}

/** Where each table's cells are met: the states of what the dispatcher does are not among them, since chance asks no gateway. */
const dispatched = ['sending', 'accepted', 'unknown', 'waiting']

/** Every cell that a sequence of commands can meet. */
export function documentedSteps(): readonly DocumentedStep[] {
  return [
    ...documentedCells('Escrows').flatMap(({ state, column, outcome }) =>
      state === 'not opened' && column === 'settlement run' ? [] : [{ command: `escrows.${column}`, state, outcome }],
    ),
    ...(['payout', 'refund'] as const).flatMap((kind) =>
      documentedCells(kind === 'payout' ? 'Payouts' : 'Refunds')
        .filter(({ state, column }) => column !== 'dispatch' && !dispatched.includes(state))
        .map(({ state, column, outcome }) => ({
          command: `instructions.${column.replace(/ as .*$/, '')}`,
          state: `${kind} ${state.replace(/, as .*$/, '')}`,
          outcome,
        })),
    ),
    ...documentedCells('Suspense').map(({ state, outcome }) => ({ command: 'suspense.resolve', state, outcome })),
    ...documentedCells('Accounts')
      .filter(({ column }) => !['debit', 'credit'].includes(column))
      .map(({ state, column, outcome }) => ({ command: `accounts.${column.replace(/ in .*$/, '')}`, state, outcome })),
  ]
}
