import type { Step } from './rehearse.js'

/** How often each command came to each outcome. */
export interface Tally {
  readonly count: (step: Step) => void
  /** How often a command came to an outcome: `ok`, or a refusal's code. */
  readonly of: (command: string, outcome: string) => number
  /** One line a command: each outcome with its count. */
  readonly table: () => string
  /** One line a command, one column a status of its escrow: how many outcomes there were of how many different codes. */
  readonly grid: () => string
}

export function createTally(): Tally {
  const counts = new Map<string, Map<string, number>>()
  const cells = new Map<string, Map<string, Set<string>>>()

  return {
    count({ command, status, outcome }) {
      const outcomes = counts.get(command) ?? new Map<string, number>()
      counts.set(command, outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1))
      if (!command.startsWith('escrows.')) return
      const statuses = cells.get(command) ?? new Map<string, Set<string>>()
      cells.set(command, statuses)
      const name = status ?? 'unknown'
      statuses.set(name, (statuses.get(name) ?? new Set<string>()).add(outcome))
    },
    of: (command, outcome) => counts.get(command)?.get(outcome) ?? 0,
    table: () =>
      [...counts]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([command, outcomes]) => {
          const sorted = [...outcomes].sort(
            ([a, m], [b, n]) => Number(b === 'ok') - Number(a === 'ok') || n - m || (a < b ? -1 : 1),
          )
          return `${command.padEnd(26)} ${sorted.map(([outcome, count]) => `${outcome} ${count}`).join(', ')}`
        })
        .join('\n'),
    grid() {
      const statuses = [...new Set([...cells.values()].flatMap((row) => [...row.keys()]))].sort()
      const line = (first: string, rest: readonly string[]) =>
        [first.padEnd(26), ...rest.map((each) => each.padStart(10))].join(' ')
      return [
        line('', statuses),
        ...[...cells]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([command, row]) =>
            line(
              command,
              statuses.map((status) => String(row.get(status)?.size ?? '')),
            ),
          ),
      ].join('\n')
    },
  }
}
