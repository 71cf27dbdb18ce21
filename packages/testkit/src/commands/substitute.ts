import type { OracleCommandName, OracleEscrow } from '../oracle/index.js'
import { owedTo, payees } from './choices.js'
import type { Scene } from './scene.js'

const isOver = ({ status }: OracleEscrow): boolean => ['settled', 'cancelled', 'refunded'].includes(status)

/**
 * What to do in a command's stead while it has nothing to work on, so that most steps lead somewhere: a deal that holds
 * something before it is settled, an instruction before it is confirmed.
 */
export function substituteFor(scene: Scene, command: OracleCommandName): OracleCommandName {
  const { oracle, escrows } = scene
  const some = (fits: (view: OracleEscrow) => boolean) => escrows.some((id) => fits(oracle.escrow(id)))
  const otherwise = (isReady: boolean, first: OracleCommandName): OracleCommandName =>
    isReady ? command : first === command ? command : substituteFor(scene, first)

  switch (command) {
    case 'escrows.fund':
      return otherwise(
        some((view) => !isOver(view) && view.funded < view.amount),
        'escrows.open',
      )
    case 'escrows.settle':
    case 'escrows.refund':
    case 'escrows.dispute':
      return otherwise(
        some((view) => view.held > 0n),
        'escrows.fund',
      )
    case 'escrows.resolve':
      return otherwise(
        some((view) => view.frozen > 0n),
        'escrows.dispute',
      )
    case 'escrows.deliver':
    case 'escrows.complete':
    case 'escrows.cancel':
      return otherwise(
        some((view) => !isOver(view) && view.completedAt === undefined),
        'escrows.open',
      )
    case 'escrows.measure':
      return otherwise(
        some((view) => !isOver(view) && view.releases.length === 0),
        'escrows.open',
      )
    case 'suspense.resolve':
      return otherwise(oracle.suspense().length > 0, 'escrows.fund')
    case 'payouts.request':
      return otherwise(
        payees.some((payee) => owedTo(scene, payee).minor > 0n),
        'escrows.settle',
      )
    case 'instructions.confirm':
      return otherwise(isThere(scene, ['recorded']), 'payouts.request')
    case 'instructions.fail':
    case 'instructions.cancel':
      return otherwise(isThere(scene, ['recorded']), 'escrows.refund')
    case 'instructions.reverse':
      return otherwise(isThere(scene, ['processed'], 'payout'), 'instructions.confirm')
    case 'instructions.resend':
      return otherwise(isThere(scene, ['failed', 'cancelled'], 'refund'), 'instructions.fail')
    case 'journal.post':
      return otherwise(oracle.balances().has('INR:wallet:c1'), 'accounts.open')
    case 'journal.reverse':
      return otherwise(
        oracle.entries().some(({ kind }) => kind === 'journal'),
        'journal.post',
      )
    default:
      return command
  }
}

function isThere({ oracle, payouts, refunds }: Scene, states: readonly string[], kind?: 'payout' | 'refund'): boolean {
  return [...payouts, ...refunds].some((name) => {
    const found = oracle.instruction(name)
    return found !== undefined && states.includes(found.state) && (kind ?? found.kind) === found.kind
  })
}
