import type { OracleCommand, OracleResult } from '../oracle/index.js'
import { codeOf } from './differences.js'
import { type Scene, viewOf } from './scene.js'
import { escrowState, stateOf } from './state-names.js'

/** What a command came to, for a count of all that was met. */
export interface Step {
  readonly command: string
  /** What the command met, in the words of `docs/states.md`. */
  readonly state: string
  readonly outcome: string
}

/** Funding from credit has other rules than funding by a payment, and an early release others than one that is due. */
function nameOf({ command, input }: OracleCommand): string {
  const fields = input as Readonly<Record<string, unknown>>
  if (command === 'escrows.fund' && fields.from !== undefined) return 'escrows.fund from credit'
  return command === 'escrows.settle' && fields.early !== undefined ? 'escrows.settle early' : command
}

/** The state of what a command is about; for a run, of every escrow. */
export function statesOf(scene: Scene, command: OracleCommand): ReadonlyMap<string | null, string> {
  const states = new Map<string | null, string>([[null, stateOf(scene, command)]])
  if (command.command !== 'settlements.run') return states
  for (const id of scene.escrows) states.set(id, escrowState(viewOf(scene, id), scene.clock.now))
  return states
}

/** A command's step, and what a run did with each escrow that it met. */
export function stepsOf(
  command: OracleCommand,
  states: ReturnType<typeof statesOf>,
  result: OracleResult,
): readonly Step[] {
  const run = result.ok ? result.run : undefined
  return [...states].flatMap(([escrow, state]): Step[] => {
    if (escrow === null) return [{ command: nameOf(command), state, outcome: codeOf(result) }]
    if (!run) return []
    const done = [
      ...(run.completed.includes(escrow) ? ['completes'] : []),
      ...(run.settled.includes(escrow) ? ['settles'] : []),
      ...run.refused.flatMap(({ id, code }) => (id === escrow ? [code] : [])),
    ]
    return [{ command: 'escrows.settlement run', state, outcome: done.join(', ') || 'nothing' }]
  })
}
