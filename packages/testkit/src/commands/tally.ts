import type { Step } from './steps.js'

/** How often each command came to each outcome, in each state of what it was about. */
export interface Tally {
  readonly count: (step: Step) => void
  /** How often a command came to an outcome (`ok`, or a refusal's code), in one state or in any. */
  readonly of: (command: string, outcome: string, state?: string) => number
  /** Every state that something was in when a command came, with the noun of the command: `escrows`. */
  readonly states: () => readonly { readonly noun: string; readonly state: string }[]
  /** One line a command: each outcome with its count. */
  readonly table: () => string
  /** For each noun one line a state, one column a verb: how many different outcomes there were. */
  readonly grid: () => string
  /** One line for each command in each state: each outcome with its count. */
  readonly listing: () => readonly string[]
}

export function createTally(): Tally {
  const steps = new Map<string, Step & { readonly times: number }>()

  const keyOf = ({ command, state, outcome }: Step) => [command, state, outcome].join('\n')
  const all = () => [...steps.values()]

  return {
    count(step) {
      steps.set(keyOf(step), { ...step, times: (steps.get(keyOf(step))?.times ?? 0) + 1 })
    },
    of: (command, outcome, state) =>
      all()
        .filter((each) => each.command === command && each.outcome === outcome && (state ?? each.state) === each.state)
        .reduce((sum, { times }) => sum + times, 0),
    states() {
      const met = new Map(
        all().map((step) => [`${nounOf(step)} ${step.state}`, { noun: nounOf(step), state: step.state }]),
      )
      return [...met.values()]
    },
    table: () => linesOf(all(), ({ command }) => command).join('\n'),
    listing: () => linesOf(all(), ({ command, state }) => `${command} | ${state}`),
    grid: () =>
      nounsOf(all())
        .map((noun) => gridOf(noun, all()))
        .join('\n\n'),
  }
}

type Counted = Step & { readonly times: number }

/** One line for each name: its outcomes, the good one first and then by how often they came. */
function linesOf(steps: readonly Counted[], nameOf: (step: Step) => string): string[] {
  const rows = new Map<string, Map<string, number>>()
  for (const step of steps) {
    const outcomes = rows.get(nameOf(step)) ?? new Map<string, number>()
    rows.set(nameOf(step), outcomes.set(step.outcome, (outcomes.get(step.outcome) ?? 0) + step.times))
  }
  return [...rows].sort(byName).map(([name, outcomes]) => {
    const rank = (outcome: string) => (outcome === 'ok' ? 0 : 1)
    const sorted = [...outcomes].sort((a, b) => rank(a[0]) - rank(b[0]) || b[1] - a[1] || byName(a, b))
    return `${name.padEnd(26)} ${sorted.map(([outcome, count]) => `${outcome} ${count}`).join(', ')}`
  })
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : Number(a > b)

const nounOf = ({ command }: Step): string => command.slice(0, command.indexOf('.'))

/** The nouns that have states. */
const nounsOf = (steps: readonly Counted[]): readonly string[] =>
  [...new Set(steps.filter(({ state }) => state !== '-').map(nounOf))].sort()

function gridOf(noun: string, steps: readonly Counted[]): string {
  const own = steps.filter((step) => nounOf(step) === noun)
  const states = [...new Set(own.map(({ state }) => state))].sort()
  const verbs = [...new Set(own.map(({ command }) => command.slice(noun.length + 1)))].sort()
  const width = Math.max(...states.map((state) => state.length), noun.length)
  const line = (first: string, cells: readonly string[]) =>
    [first.padEnd(width), ...cells.map((cell, index) => cell.padStart(verbs[index]?.length ?? 0))].join('  ')
  const outcomes = (state: string, verb: string) =>
    own.filter((step) => step.state === state && step.command === `${noun}.${verb}`).length
  return [
    line(noun, verbs),
    ...states.map((state) =>
      line(
        state,
        verbs.map((verb) => String(outcomes(state, verb) || '')),
      ),
    ),
  ].join('\n')
}
