import type { OracleCommand, OracleCommandName } from '../oracle/index.js'
import { createDice, type Dice } from './dice.js'
import type { Intent } from './intents.js'
import * as books from './plan-books.js'
import * as escrows from './plan-escrow.js'
import * as money from './plan-money.js'
import { isRun } from './runs.js'
import type { Scene } from './scene.js'
import { spoil } from './spoil.js'
import { substituteFor } from './substitute.js'

const plans: Readonly<Record<OracleCommandName, escrows.Plan>> = {
  'accounts.open': books.openAccount,
  'accounts.freeze': books.freeze,
  'accounts.unfreeze': books.unfreeze,
  'accounts.close': books.closeAccount,
  'journal.post': books.post,
  'journal.reverse': books.reverseEntry,
  'books.open': books.openBook,
  'books.close': books.closeBook,
  'escrows.open': escrows.open,
  'escrows.fund': escrows.fund,
  'escrows.deliver': escrows.deliver,
  'escrows.measure': escrows.measure,
  'escrows.complete': escrows.complete,
  'escrows.settle': escrows.settle,
  'escrows.cancel': escrows.cancel,
  'escrows.refund': escrows.refund,
  'escrows.dispute': escrows.dispute,
  'escrows.resolve': escrows.resolve,
  'payments.fee': money.fee,
  'suspense.resolve': money.resolveSuspense,
  'payouts.request': money.requestPayout,
  'payouts.run': money.runPayouts,
  'instructions.confirm': money.confirm,
  'instructions.fail': money.fail,
  'instructions.cancel': money.cancelInstruction,
  'instructions.reverse': money.reverse,
  'instructions.resend': money.resend,
  'settlements.run': money.run,
}

const MINUTE_MS = 60_000

/** Makes a command of a step in outline; null where the step only turns the clock. */
export function plan(scene: Scene, { act, numbers }: Intent): OracleCommand | null {
  const dice = createDice(numbers)
  if (act === 'advance') return turnClock(scene, dice)
  if (act === 'repeat') return repeated(scene, dice)
  const isAsMeant = dice.chance(12)
  const isSpoiled = dice.chance(4)
  const key = keyOf(scene, dice)
  const planned = plans[isAsMeant ? act : substituteFor(scene, act)](scene, dice)
  const command = isSpoiled ? spoil(planned, dice) : planned
  return key === undefined || isRun(command) ? command : { ...command, idempotencyKey: key }
}

/** Moves the clock: a little, or to when something falls due or an inspection may end. */
function turnClock({ clock, oracle, escrows: ids }: Scene, dice: Dice): null {
  const due = ids.flatMap((id) => oracle.dueAt(id) ?? []).filter((at) => at > clock.now)
  const steps = [1, MINUTE_MS, 30 * MINUTE_MS, 60 * MINUTE_MS, 2 * 60 * MINUTE_MS, 24 * 60 * MINUTE_MS]
  const instants = [...steps.map((ms) => clock.now + ms), ...due, ...due.map((at) => at - 1)]
  clock.now = Math.max(clock.now, dice.pick(instants))
  return null
}

/** A key of its own now and then, and seldom one that another request has used. */
function keyOf({ keys, asked }: Scene, dice: Dice): string | undefined {
  const isGiven = dice.chance(35)
  const isReused = dice.chance(8) && keys.length > 0
  const chosen = isReused ? dice.pick(keys) : `key-${asked.length}`
  return isGiven ? chosen : undefined
}

/** A command that was asked before: under its key, under none, or under another one. */
function repeated({ asked }: Scene, dice: Dice): OracleCommand | null {
  const runs = asked.filter((command) => !isRun(command))
  if (runs.length === 0) return null
  const isRecent = dice.chance(60)
  const again = dice.pick(isRecent ? runs.slice(-8) : runs)
  const { idempotencyKey: _, ...bare } = again
  return dice.pick([again, again, bare, { ...bare, idempotencyKey: `key-${asked.length}` }])
}
