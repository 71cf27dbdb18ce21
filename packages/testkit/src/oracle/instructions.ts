import { type Books, type Entry, type Line, post } from './books.js'
import { type FeeInput, readFee } from './charge-fee.js'
import { escapeId } from './chart.js'
import { type Command, readAt, readPositiveAmount } from './command.js'
import { instructRefund } from './give-back.js'
import { clearingOf, feeLines, gatewayFacts, type PaymentKey, payoutsOf, postFact } from './payment.js'
import { optional, readFields, readReason, readText } from './read-input.js'
import { Refusal, refuseIf } from './refusal.js'
import { factTime, requestTime } from './times.js'

/** What a gateway must be told once. Dispatching is not modelled: an instruction stays recorded until its outcome. */
export interface Instruction {
  readonly kind: 'refund' | 'payout'
  readonly state: 'recorded' | 'processed' | 'failed' | 'cancelled' | 'reversed'
  /** A payout's id: `payout:<id>`. A refund's is made by the library and unknown here. */
  readonly id?: string
  readonly gateway: string
  readonly escrow?: string
  readonly payment?: PaymentKey
  readonly payer?: string
  readonly payee?: string
  readonly amount: bigint
  readonly currency: string
  readonly reference?: string
  readonly confirmed?: readonly Entry[]
  readonly resent: boolean
  /** It failed, and its money went to suspense: it is refunded from there. */
  readonly suspended?: boolean
  /** When its last entry was effective: what becomes of it is not effective before. */
  readonly lastAt: number
}

/**
 * How an instruction is named to the oracle: a payout by its id, `payout:<id>`; a refund by its place among those of
 * its escrow, from 0 in order of creation. Without an escrow it is its place among refunds that belong to none.
 */
export type InstructionName = string | { readonly escrow?: string | undefined; readonly index: number }

/** An instruction's place in the books, or undefined where there is none of that name. */
export function placeOf(books: Books, name: InstructionName): number | undefined {
  if (typeof name === 'string') {
    const place = books.instructions.findIndex((each) => each.id === name)
    return place === -1 ? undefined : place
  }
  const places = [...books.instructions.keys()].filter((place) => {
    const each = books.instructions[place]
    return each?.kind === 'refund' && each.escrow === name.escrow
  })
  return places[name.index]
}

function readName(value: unknown): InstructionName {
  if (typeof value === 'string') return readText(value, 300)
  const { escrow, index } = readFields(value)
  if (typeof index !== 'number') throw new Refusal('invalid_input')
  return { escrow: optional(escrow, (id) => readText(id)), index }
}

function find(books: Books, name: InstructionName): { place: number; instruction: Instruction } {
  const place = placeOf(books, name)
  const instruction = place === undefined ? undefined : books.instructions[place]
  if (place === undefined || !instruction) throw new Refusal('instruction_not_found')
  return { place, instruction }
}

const transitCode = ({ kind, gateway }: Instruction): string => `${kind}s:in-transit:${escapeId(gateway)}`

/** Whom the money belongs to again when an instruction comes to nothing. */
const ownerCode = ({ kind, payer, payee }: Instruction): string =>
  kind === 'refund' ? `payer:${escapeId(payer ?? '')}:refunds` : `payee:${escapeId(payee ?? '')}:payable`

/** The account that the money of an instruction leaves from: a refund without its payment is paid out. */
const sourceCode = (books: Books, { kind, gateway, payment }: Instruction): string =>
  kind === 'refund' && payment !== undefined ? clearingOf(books, gateway) : payoutsOf(books, gateway)

const tagOf = ({ escrow }: Instruction): { escrow?: string } => (escrow === undefined ? {} : { escrow })

export const request: Command = (input, books) => {
  const id = `payout:${readText(input.id)}`
  const payee = readText(input.payee)
  const { minor: amount, currency } = readPositiveAmount(books, input.amount)
  const gateway = readText(input.gateway)
  const at = readAt(books, input.at)
  return () => {
    refuseIf(placeOf(books, id) !== undefined, 'payout_exists')
    const facts = gatewayFacts(books, gateway)
    refuseIf(facts?.paysNobody === true, 'operation_unsupported')
    refuseIf(amount % (facts?.step?.(currency) ?? 1n) !== 0n, 'amount_off_step')
    refuseIf(amount < (facts?.minimum?.(currency) ?? 0n), 'below_gateway_minimum')
    const effectiveAt = requestTime(books, { at, notBefore: Number.NEGATIVE_INFINITY, posts: true })
    const payout: Instruction = {
      kind: 'payout',
      state: 'recorded',
      id,
      gateway,
      payee,
      amount,
      currency,
      resent: false,
      lastAt: effectiveAt,
    }
    books.instructions.push(payout)
    const lines: readonly Line[] = [
      [ownerCode(payout), currency, amount],
      [transitCode(payout), currency, -amount],
    ]
    return { entries: [post(books, { kind: 'payout_requested', effectiveAt, lines })] }
  }
}

export const confirm: Command = (input, books) => {
  const name = readName(input.id)
  const reference = readText(input.reference)
  const fee = optional(input.fee, (value) => readFee(books, readFields(value)))
  const at = readAt(books, input.at)
  return () => {
    const { place, instruction } = find(books, name)
    if (instruction.state === 'processed' && instruction.reference === reference) {
      return { entries: instruction.confirmed ?? [], replayed: true }
    }
    refuseIf(instruction.state !== 'recorded', 'instruction_state')
    const time = factTime(books, { at, notBefore: instruction.lastAt })
    const { amount, currency, gateway, kind } = instruction
    const source = sourceCode(books, instruction)
    const lines: readonly Line[] = [
      [transitCode(instruction), currency, amount],
      ...(fee ? feeLines({ gateway, ...feeFacts(fee), from: source }) : []),
      [source, currency, -amount],
    ]
    const entry = postFact(books, { kind: `${kind}_processed`, ...time, ...tagOf(instruction), lines }, { gateway })
    books.instructions[place] = {
      ...instruction,
      state: 'processed',
      reference,
      confirmed: [entry],
      lastAt: time.effectiveAt,
    }
    return { entries: [entry] }
  }
}

const feeFacts = ({ fee, tax }: FeeInput) => ({ fee: fee.minor, tax, currency: fee.currency })

export const fail: Command = (input, books) => {
  const name = readName(input.id)
  readReason(input.reason)
  const at = readAt(books, input.at)
  return () => {
    const { place, instruction } = find(books, name)
    refuseIf(instruction.state !== 'recorded', 'instruction_state')
    return { entries: [comeBack(books, place, { state: 'failed', at })] }
  }
}

export const cancel: Command = (input, books) => {
  const name = readName(input.id)
  return () => {
    const { place, instruction } = find(books, name)
    refuseIf(instruction.state !== 'recorded', 'instruction_state')
    return { entries: [comeBack(books, place, { state: 'cancelled', at: undefined })] }
  }
}

export const reverse: Command = (input, books) => {
  const name = readName(input.id)
  readReason(input.reason)
  const at = readAt(books, input.at)
  return () => {
    const { place, instruction } = find(books, name)
    refuseIf(instruction.kind !== 'payout' || instruction.state !== 'processed', 'instruction_state')
    books.instructions[place] = { ...instruction, state: 'reversed' }
    const from = sourceCode(books, instruction)
    return { entries: [giveToOwner(books, instruction, { kind: 'payout_reversed', at, from })] }
  }
}

/** Sent another way it is no refund to its payment any more. */
export const resend: Command = (input, books) => {
  const name = readName(input.id)
  const gateway = readText(input.gateway)
  return () => {
    const { place, instruction } = find(books, name)
    const { kind, state, resent, suspended, escrow, payer, amount, currency } = instruction
    refuseIf(
      kind !== 'refund' || (state !== 'failed' && state !== 'cancelled') || resent || suspended === true,
      'instruction_state',
    )
    const effectiveAt = requestTime(books, { at: undefined, notBefore: instruction.lastAt, posts: true })
    books.instructions[place] = { ...instruction, resent: true }
    const entry = instructRefund(books, {
      gateway,
      payer: payer ?? '',
      ...(escrow === undefined ? {} : { escrow }),
      amount,
      currency,
      effectiveAt,
    })
    return { entries: [entry] }
  }
}

/** Nothing comes of it. */
function comeBack(
  books: Books,
  place: number,
  { state, at }: { readonly state: 'failed' | 'cancelled'; readonly at: number | undefined },
): Entry {
  const instruction = books.instructions[place] as Instruction
  books.instructions[place] = { ...instruction, state }
  const entry = giveToOwner(books, instruction, { kind: `${instruction.kind}_failed`, at })
  const owner = ownerCode(instruction)
  const suspended = !entry.lines.some(([code]) => code === owner)
  books.instructions[place] = { ...(books.instructions[place] as Instruction), suspended }
  return entry
}

/** Credits the owner again with what did not reach anybody; where its account does not take it, suspense. */
function giveToOwner(
  books: Books,
  instruction: Instruction,
  how: { readonly kind: string; readonly at: number | undefined; readonly from?: string },
): Entry {
  const { amount, currency, gateway, payment } = instruction
  const time = factTime(books, { at: how.at, notBefore: instruction.lastAt })
  const lines: readonly Line[] = [
    [how.from ?? transitCode(instruction), currency, amount],
    [ownerCode(instruction), currency, -amount],
  ]
  return postFact(books, { kind: how.kind, ...time, ...tagOf(instruction), lines }, { gateway, refundOf: payment })
}
