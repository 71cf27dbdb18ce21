import type { OracleInstructionName } from '../oracle/index.js'
import {
  amountNear,
  amountOrAll,
  escrowId,
  escrowTime,
  frozenCodes,
  gateway,
  owedTo,
  ownerOf,
  payees,
  payers,
  time,
} from './choices.js'
import type { Dice } from './dice.js'
import type { Plan } from './plan-escrow.js'
import { type Scene, written } from './scene.js'

export const fee: Plan = (scene, dice) => {
  const known = scene.payments.map(({ gateway: via, reference }) => ({ gateway: via, reference }))
  const unheard = { gateway: gateway(dice), reference: 'pay-unheard' }
  const payment = dice.pick([...known, unheard])
  const minor = dice.pick([236n, 236n, 237n])
  const currency = dice.pick(['INR', 'INR', 'USD'])
  const tax = dice.pick([written(36n, currency), undefined, written(0n, currency), written(minor, currency)])
  const id = dice.chance(30) ? dice.pick(['fee-1', 'fee-2']) : undefined
  return {
    command: 'payments.fee',
    input: { ...payment, fee: written(minor, currency), tax, id, at: time(scene, dice) },
  }
}

export const resolveSuspense: Plan = (scene, dice) => {
  const open = scene.oracle.suspense().flatMap(({ index, payment, remaining, currency }) => ({
    id: payment ? { gateway: payment.gateway, reference: payment.reference } : { index },
    remaining: remaining < 0n ? -remaining : remaining,
    currency,
  }))
  const paid = scene.payments.map(({ gateway: via, reference, amount }) => ({
    id: { gateway: via, reference },
    remaining: 100n,
    currency: amount.currency,
  }))
  const isOpen = dice.chance(85) && open.length > 0
  const nothing = { id: { gateway: 'razorpay', reference: 'pay-none' }, remaining: 100n, currency: 'INR' }
  // Few items came in with no payment, so that those come first.
  const unpaid = open.filter(({ id }) => 'index' in id)
  const some = unpaid.length > 0 && dice.chance(40) ? unpaid : open
  const item = dice.pick(isOpen ? some : [...paid, nothing])
  const amount = amountOrAll(dice, item.remaining, { currency: item.currency })
  const escrow = dice.chance(6) ? 'unknown' : escrowId(scene, dice)
  const at = escrowTime(scene, dice, escrow)
  const way = dice.pick([
    { allocate: { escrow } },
    { allocate: { escrow } },
    { refund: { payer: dice.pick(payers) } },
    { writeOff: { reason: 'too old' } },
  ])
  return { command: 'suspense.resolve', input: { id: item.id, amount, ...way, at } }
}

export const requestPayout: Plan = (scene, dice) => {
  const owing = payees.filter((payee) => owedTo(scene, payee).minor > 0n)
  const payee = dice.pick(owing.length > 0 ? owing : payees)
  const { currency, minor } = owedTo(scene, payee)
  const via = gateway(dice)
  const step = via === 'bank' && dice.chance(70) ? 50n : 1n
  const amount = amountNear(dice, minor > 0n ? minor : 1_000n, { currency, step })
  const isTaken = dice.chance(8) && scene.payouts.length > 0
  const id = isTaken ? dice.pick(scene.payouts).slice('payout:'.length) : `po-${scene.payouts.length}`
  return { command: 'payouts.request', input: { id, payee, amount, gateway: via, at: time(scene, dice) } }
}

export const runPayouts: Plan = (scene, dice) => {
  const { currency, minor } = owedTo(scene, dice.pick(payees))
  const minimum = dice.chance(40) ? amountNear(dice, minor > 0n ? minor : 1_000n, { currency, step: 1n }) : undefined
  const schedule = dice.pick([undefined, 'daily', 'weekly', 'monthly'])
  return { command: 'payouts.run', input: { gateway: gateway(dice), minimum, schedule } }
}

/** An instruction in a state that a step makes sense for, where there is one; any other now and then. */
function instruction(
  scene: Scene,
  dice: Dice,
  { states, kind }: { states: readonly string[]; kind?: 'payout' | 'refund' },
): OracleInstructionName {
  const all: readonly OracleInstructionName[] = [...scene.payouts, ...scene.refunds]
  const fitting = all.filter((name) => {
    const found = scene.oracle.instruction(name)
    return found !== undefined && states.includes(found.state) && (kind ?? found.kind) === found.kind
  })
  const isAny = dice.chance(20)
  const isUnknown = dice.chance(10)
  const any = dice.pick(isUnknown || all.length === 0 ? ['payout:none'] : all)
  // Those whose owner's account may not take the money back come more often.
  const frozen = frozenCodes(scene)
  const stuck = fitting.filter((name) => frozen.includes(ownerOf(scene, name)))
  const some = dice.chance(50) && stuck.length > 0 ? stuck : fitting
  return isAny || some.length === 0 ? any : dice.pick(some)
}

export const confirm: Plan = (scene, dice) => {
  const id = instruction(scene, dice, { states: dice.chance(15) ? ['processed'] : ['recorded'] })
  const about = scene.oracle.instruction(id)
  const currency = about?.currency ?? 'INR'
  const charged = dice.chance(20)
    ? {
        fee: written(59n, dice.chance(10) ? 'EUR' : currency),
        tax: dice.chance(50) ? written(9n, currency) : undefined,
      }
    : undefined
  const reference = dice.pick(['utr-1', 'utr-1', 'utr-2'])
  return { command: 'instructions.confirm', input: { id, reference, fee: charged, at: time(scene, dice) } }
}

export const fail: Plan = (scene, dice) => {
  const id = instruction(scene, dice, { states: ['recorded'] })
  return { command: 'instructions.fail', input: { id, reason: 'no such account', at: time(scene, dice) } }
}

export const cancelInstruction: Plan = (scene, dice) => {
  const id = instruction(scene, dice, { states: ['recorded'] })
  return { command: 'instructions.cancel', input: { id, reason: 'asked to' } }
}

export const reverse: Plan = (scene, dice) => {
  const id = instruction(scene, dice, { states: ['processed'], kind: 'payout' })
  return { command: 'instructions.reverse', input: { id, reason: 'returned', at: time(scene, dice) } }
}

export const resend: Plan = (scene, dice) => {
  const id = instruction(scene, dice, { states: ['failed', 'cancelled'], kind: 'refund' })
  return { command: 'instructions.resend', input: { id, gateway: gateway(dice) } }
}

export const run: Plan = (scene, dice) => {
  const { clock, oracle, escrows } = scene
  const due = escrows.flatMap((id) => [oracle.dueAt(id), oracle.escrow(id).attempt?.nextAt].flatMap((at) => at ?? []))
  const next = due.filter((at) => at > clock.now)
  if (next.length > 0 && dice.chance(50)) clock.now = Math.min(...next)
  return {
    command: 'settlements.run',
    input: { asOf: dice.chance(15) ? dice.pick([clock.now + 1, clock.now, clock.now - 3_600_000]) : undefined },
  }
}
