import type { OracleCommand, OracleEscrow, OracleInstruction, OracleInstructionName } from '../oracle/index.js'
import { type Scene, viewOf } from './scene.js'

/**
 * What a command meets: the state of the one thing that it is about, in the words of `docs/states.md` where those have
 * any. A dash where a command is about no one thing.
 */
export function stateOf(scene: Scene, { command, input }: OracleCommand): string {
  const { id, code } = input as Readonly<Record<string, unknown>>
  if (command.startsWith('escrows.')) return escrowState(viewOf(scene, id as string), scene.clock.now)
  if (command.startsWith('accounts.')) return accountState(scene, code as string)
  if (command.startsWith('instructions.')) return instructionState(scene, id)
  return command === 'suspense.resolve' ? suspenseState(scene, id) : '-'
}

export function escrowState(view: OracleEscrow | undefined, now: number): string {
  if (!view) return 'not opened'
  if (view.status === 'settled') return 'settled'
  if (view.cancelledAt !== undefined) return cancelledState(view)
  if (view.status === 'refunded') {
    return view.disputes.length > 0 ? 'refunded by its dispute' : 'refunded'
  }
  const isDue = view.held > 0n && view.dueAt !== undefined && view.dueAt <= now
  if (view.frozen > 0n) return disputedState(view, isDue)
  if (view.releases.length > 0) {
    if (view.completedAt === undefined) return 'released in part, not completed'
    return isDue ? 'released in part, due' : 'released in part'
  }
  if (view.completedAt !== undefined) return completedState(view, isDue)
  if (view.deliveredAt !== undefined) return deliveredState(view, now)
  if (view.funded === view.amount) return 'funded'
  return view.funded === 0n ? 'opened' : 'opened, funded in part'
}

function cancelledState({ frozen, held, funded }: OracleEscrow): string {
  if (frozen > 0n) return held > 0n ? 'disputed, then cancelled, held again' : 'disputed, then cancelled'
  if (held > 0n) return 'cancelled, its dispute resolved for the payee'
  return funded === 0n ? 'cancelled before any funding' : 'cancelled'
}

function disputedState({ held, releases }: OracleEscrow, isDue: boolean): string {
  if (held === 0n) return releases.length > 0 ? 'disputed, the rest released' : 'disputed'
  return isDue ? 'disputed, completed, due' : 'disputed in part'
}

function completedState({ funded, amount, refunded }: OracleEscrow, isDue: boolean): string {
  if (funded === 0n) return 'completed, not funded'
  if (funded < amount) return 'completed, funded in part'
  if (!isDue) return 'completed, not due'
  return refunded > 0n ? 'completed, due, refunded in part' : 'completed, due'
}

function deliveredState({ funded, amount, inspectionEndsAt }: OracleEscrow, now: number): string {
  if (funded === 0n) return 'delivered, not funded'
  if (funded < amount) return 'delivered, funded in part'
  return inspectionEndsAt !== undefined && inspectionEndsAt <= now ? 'delivered, inspection over' : 'delivered'
}

/** The state of an account by its code, in all its currencies. */
function accountState({ oracle }: Scene, code: string): string {
  const account = oracle.account(code)
  if (!account) return 'not opened'
  if (account.restriction === 'closed') return 'closed'
  const filled = account.isEmpty ? 'empty' : 'not empty'
  if (account.restriction === undefined) return `open, ${filled}`
  return `frozen for ${account.restriction === 'all' ? 'everything' : 'debits'}, ${filled}`
}

function instructionState({ oracle }: Scene, name: unknown): string {
  const isName = typeof name === 'string' || (typeof name === 'object' && name !== null)
  const found = isName ? oracle.instruction(name as OracleInstructionName) : undefined
  return found ? `${found.kind} ${found.state}${sentAgain(found)}` : 'no such instruction'
}

const sentAgain = ({ resent }: OracleInstruction): string => (resent ? ', sent another way' : '')

function suspenseState({ oracle }: Scene, name: unknown): string {
  if (typeof name !== 'object' || name === null) return 'nothing by that id'
  const { index, gateway, reference } = name as { index?: number; gateway?: string; reference?: string }
  const found = oracle
    .suspense('all')
    .find((item) =>
      index === undefined
        ? item.payment?.gateway === gateway && item.payment?.reference === reference
        : item.index === index,
    )
  if (!found) return 'nothing by that id'
  if (found.remaining === 0n) return 'resolved'
  return found.remaining < found.amount ? 'resolved in part' : 'open'
}
