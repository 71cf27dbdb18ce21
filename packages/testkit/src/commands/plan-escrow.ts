import type { WireMoney } from 'escrow-ledger'
import type { OracleCommand } from '../oracle/index.js'
import {
  amountNear,
  amountOrAll,
  escrowId,
  escrowIds,
  escrowThat,
  escrowTime,
  gateway,
  payers,
  time,
  wallets,
} from './choices.js'
import type { Dice } from './dice.js'
import { soundDeals, unsoundDeals } from './sample-deals.js'
import { balanceOf, type Scene, viewOf, written } from './scene.js'

/** Makes a command of a step in outline, by where things stand. */
export type Plan = (scene: Scene, dice: Dice) => OracleCommand

export const open: Plan = (scene, dice) => {
  const fresh = escrowIds.filter((id) => !scene.escrows.includes(id))
  const isTaken = dice.chance(10) || fresh.length === 0
  const id = isTaken ? escrowId(scene, dice) : dice.pick(fresh)
  const { amount, parties, terms } = dice.pick(dice.chance(8) ? unsoundDeals : soundDeals)
  const input = { id, payer: dice.pick(payers), parties, amount, terms, at: time(scene, dice) }
  return { command: 'escrows.open', input }
}

/** The step of an escrow, in minor units. */
const stepOf = (scene: Scene, id: string): bigint => {
  const currency = viewOf(scene, id)?.currency
  const amount = viewOf(scene, id)?.amount
  return currency === 'KWD' ? 10n : amount === 10_000n && currency === 'INR' ? 50n : 1n
}

function remainingOf(scene: Scene, id: string): { minor: bigint; currency: string; step: bigint } {
  const view = viewOf(scene, id)
  const minor = view ? view.amount - view.funded : 100_000n
  return { minor, currency: view?.currency ?? 'INR', step: stepOf(scene, id) }
}

export const fund: Plan = (scene, dice) => {
  const isLate = dice.chance(15)
  const waits = escrowThat(scene, dice, (view) => view.funded < view.amount && view.cancelledAt === undefined)
  const id = isLate ? escrowId(scene, dice) : waits
  const { minor, currency, step } = remainingOf(scene, id)
  const near = amountNear(dice, minor > 0n ? minor : 10_000n, { currency, step })
  const amount = dice.chance(45) && minor > 0n ? written(minor, currency) : near
  const at = escrowTime(scene, dice, id)
  const rich = [...wallets, 'payee:p1:payable'].filter((code) => balanceOf(scene, code, currency) > 0n)
  if (dice.chance(rich.length > 0 ? 50 : 8)) return fromCredit(scene, dice, { id, amount, at, rich })
  return { command: 'escrows.fund', input: { id, ...fromGateway(scene, dice, { id, amount }), at } }
}

/** Credit of an account: of one that has some, nearly always, and no more of it than there is. */
function fromCredit(
  scene: Scene,
  dice: Dice,
  asked: { id: string; amount: WireMoney; at: ReturnType<typeof escrowTime>; rich: readonly string[] },
): OracleCommand {
  const { id, amount, at, rich } = asked
  const isAny = dice.chance(30) || rich.length === 0
  const from = dice.pick(isAny ? [...wallets, 'payee:p1:payable', 'wallet:nobody', 'escrow:s1', 'bank:hdfc'] : rich)
  const credit = balanceOf(scene, from, amount.currency)
  const isMore = dice.chance(20)
  const step = stepOf(scene, id)
  const most = credit - (credit % step)
  const isLess = most > 0n && most < BigInt(amount.amount.replace('.', ''))
  const given = !isMore && isLess ? written(most, amount.currency) : amount
  return { command: 'escrows.fund', input: { id, amount: given, from, at } }
}

/** A payment that was never heard of, or one that is known: again, for another escrow, or with other amounts. */
function fromGateway(scene: Scene, dice: Dice, asked: { id: string; amount: WireMoney }) {
  const isKnown = dice.chance(25) && scene.payments.length > 0
  if (isKnown) return fromKnown(scene, dice, asked)
  const { amount } = asked
  const isWhole = dice.chance(70)
  const more = dice.pick(['1.5', '2', '3'])
  const minor = BigInt(amount.amount.replace('.', ''))
  const whole = written(more === '1.5' ? minor + minor / 2n : minor * BigInt(more), amount.currency)
  const received = dice.chance(8) ? written(minor, amount.currency === 'INR' ? 'USD' : 'INR') : undefined
  const fee = dice.chance(10)
    ? { fee: written(236n, amount.currency), tax: dice.chance(50) ? written(36n, amount.currency) : undefined }
    : undefined
  return {
    amount,
    gateway: gateway(dice),
    reference: `pay-${scene.payments.length}`,
    paymentAmount: isWhole ? undefined : dice.chance(5) ? written(1n, amount.currency) : whole,
    received,
    fee,
  }
}

function fromKnown(scene: Scene, dice: Dice, { id, amount }: { id: string; amount: WireMoney }) {
  const known = dice.pick(scene.payments)
  const item = scene.oracle.suspense().find((each) => each.payment?.reference === known.reference)
  const left = item && item.currency === amount.currency ? item.remaining : 0n
  const choices = [...(left > 0n ? [written(left, amount.currency)] : []), known.amount, amount]
  const { gateway: via, reference } = known
  const paymentAmount = dice.chance(10) ? amount : undefined
  const fee = dice.chance(15) ? { fee: written(dice.pick([236n, 236n, 237n]), amount.currency) } : undefined
  const received = dice.chance(8) ? written(10_000n, amount.currency === 'INR' ? 'USD' : 'INR') : undefined
  // The very fact of before names its own escrow; any other choice is about the one that was picked.
  const chosen = dice.chance(25) ? { id: known.escrow, amount: known.amount } : { id, amount: dice.pick(choices) }
  return { ...chosen, gateway: via, reference, paymentAmount, received, fee }
}

export const deliver: Plan = (scene, dice) => {
  const id = escrowThat(scene, dice, (view) => view.deliveredAt === undefined && view.completedAt === undefined)
  return { command: 'escrows.deliver', input: { id, at: escrowTime(scene, dice, id) } }
}

const measures = (dice: Dice) =>
  dice.pick<Readonly<Record<string, number | string>>>([
    { satisfaction: 2 },
    { satisfaction: '1' },
    { satisfaction: 2.5 },
    { satisfaction: '4.5', 'minutes-late': 20 },
    { satisfaction: 1, 'minutes-late': 20 },
    { satisfaction: 1 },
    { satisfaction: 5 },
    { satisfaction: 6 },
    { punctuality: 3 },
    {},
  ])

export const measure: Plan = (scene, dice) => {
  const id = escrowThat(scene, dice, (view) => view.releases.length === 0)
  return { command: 'escrows.measure', input: { id, measures: measures(dice), at: escrowTime(scene, dice, id) } }
}

export const complete: Plan = (scene, dice) => {
  const id = escrowThat(scene, dice, (view) => view.completedAt === undefined && view.cancelledAt === undefined)
  const scores = dice.chance(60) ? measures(dice) : undefined
  return { command: 'escrows.complete', input: { id, measures: scores, at: escrowTime(scene, dice, id) } }
}

export const settle: Plan = (scene, dice) => {
  const isEarly = dice.chance(50)
  const id = escrowThat(scene, dice, (view) => view.held > 0n && (isEarly || view.dueAt !== undefined))
  const view = viewOf(scene, id)
  const unit = { currency: view?.currency ?? 'INR', step: stepOf(scene, id) }
  const early = isEarly ? { reason: 'agreed', amount: amountOrAll(dice, view?.held ?? 0n, unit) } : undefined
  const due = view?.dueAt
  // Most deals that are due are settled a while after, so the clock often has to be turned first.
  if (due !== undefined && due > scene.clock.now && !isEarly && dice.chance(60)) scene.clock.now = due
  return { command: 'escrows.settle', input: { id, early, at: escrowTime(scene, dice, id) } }
}

export const cancel: Plan = (scene, dice) => {
  const id = escrowThat(scene, dice, (view) => view.completedAt === undefined && view.cancelledAt === undefined)
  return { command: 'escrows.cancel', input: { id, reason: 'ill', at: escrowTime(scene, dice, id) } }
}

export const refund: Plan = (scene, dice) => {
  const id = escrowThat(scene, dice, (view) => view.held > 0n)
  const view = viewOf(scene, id)
  const own = scene.payments.filter((payment) => payment.escrow === id)
  const named = dice.pick([...own, ...own, { gateway: 'razorpay', reference: 'pay-none' }])
  const payment = dice.chance(35) ? { gateway: named.gateway, reference: named.reference } : undefined
  const unit = { currency: view?.currency ?? 'INR', step: stepOf(scene, id) }
  const amount = amountOrAll(dice, view?.held ?? 0n, unit)
  return { command: 'escrows.refund', input: { id, amount, payment, at: escrowTime(scene, dice, id) } }
}

export const dispute: Plan = (scene, dice) => {
  const id = escrowThat(scene, dice, (view) => view.held > 0n)
  const view = viewOf(scene, id)
  const unit = { currency: view?.currency ?? 'INR', step: stepOf(scene, id) }
  const name = dice.chance(30) ? dice.pick(['dispute-1', 'dispute-2', 'chargeback']) : undefined
  const amount = amountOrAll(dice, view?.held ?? 0n, unit)
  return { command: 'escrows.dispute', input: { id, dispute: name, amount, at: escrowTime(scene, dice, id) } }
}

export const resolve: Plan = (scene, dice) => {
  const id = escrowThat(scene, dice, (view) => view.frozen > 0n || (view.disputes.length > 0 && view.held > 0n))
  const view = viewOf(scene, id)
  const disputes = view?.disputes ?? []
  const open = disputes.filter((each) => each.resolvedAt === undefined)
  const names = [...disputes.map((each) => each.id), ...open.map((each) => each.id), 'dispute-9']
  const name = dice.chance(50) ? dice.pick(names) : undefined
  const about = open.find((each) => each.id === name) ?? open[0]
  const unit = { currency: view?.currency ?? 'INR', step: stepOf(scene, id) }
  const part = { payer: amountNear(dice, about?.amount ?? 100n, unit) }
  const outcome = dice.pick(['payee', 'payer', part, part])
  return { command: 'escrows.resolve', input: { id, dispute: name, outcome, at: escrowTime(scene, dice, id) } }
}
