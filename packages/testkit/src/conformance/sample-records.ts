import {
  type Clawback,
  type Escrow,
  escapeSegment,
  type Fee,
  type Instruction,
  type KeptExchange,
  type KeptWebhook,
  type Movement,
  type Payment,
  type RecordChange,
  type RecordKindName,
  type Restriction,
  type Reversal,
  type SuspenseItem,
  type Versioned,
} from 'escrow-ledger'
import { idOf, START } from './plain-journal.js'
import { clawback, exchange, instruction, movement, webhook } from './sample-calls.js'
import { BIG, bareEscrow, fullEscrow, PAST_DOUBLE } from './sample-escrows.js'

/** The record type behind each kind's name. */
interface RecordOf {
  escrows: Escrow
  payments: Payment
  instructions: Instruction
  fees: Fee
  suspense: SuspenseItem
  restrictions: Restriction
  reversals: Reversal
  exchanges: KeptExchange
  webhooks: KeptWebhook
  movements: Movement
  clawbacks: Clawback
}

const pairKey = (first: string, second: string) => `${escapeSegment(first)}:${escapeSegment(second)}`

const keyRules: { readonly [Kind in RecordKindName]: (record: RecordOf[Kind]) => string } = {
  escrows: ({ id }) => id,
  payments: ({ gateway, reference }) => pairKey(gateway, reference),
  instructions: ({ id }) => id,
  fees: ({ gateway, id }) => pairKey(gateway, id),
  suspense: ({ id }) => id,
  restrictions: ({ code }) => code,
  reversals: ({ entry, sequence }) => `${entry}/${sequence}`,
  exchanges: ({ instruction, attempt, sequence }) => `${attempt}.${sequence}:${instruction}`,
  webhooks: ({ id }) => id,
  movements: ({ kind, gateway, reference }) => `${kind}:${pairKey(gateway, reference)}`,
  clawbacks: ({ kind, gateway, reference }) => `${kind}:${pairKey(gateway, reference)}`,
}

/** A record's key, as the library makes it. */
export function keyOf<Kind extends RecordKindName>(kind: Kind, record: RecordOf[Kind]): string {
  return keyRules[kind](record)
}

/** A new record, as a change. */
export function creating<Kind extends RecordKindName>(kind: Kind, record: RecordOf[Kind]): RecordChange {
  return { kind, key: keyOf(kind, record), before: null, after: record }
}

/** A record that becomes another one under its key, with the next revision. */
export function changing<Kind extends RecordKindName>(
  kind: Kind,
  before: RecordOf[Kind],
  fields: Partial<RecordOf[Kind]>,
): RecordChange {
  return { kind, key: keyOf(kind, before), before, after: { ...before, ...fields, revision: before.revision + 1 } }
}

export const payment: Payment = {
  gateway: 'razor:pay%',
  reference: 'pay, "1": %3A',
  currency: 'INR',
  amountMinor: BIG,
  receivedCurrency: 'USD',
  receivedMinor: PAST_DOUBLE,
  account: 'gateway:razor%3Apay%25:clearing',
  allocatedMinor: PAST_DOUBLE,
  refundedMinor: BIG - 1n,
  chargedBackMinor: BIG - 2n,
  suspenseMinor: BIG - 3n,
  allocations: [
    {
      escrow: 'e1',
      amountMinor: PAST_DOUBLE,
      entry: idOf(1),
      feeEntry: idOf(3),
      excessMinor: BIG,
      statedMinor: BIG - 1n,
    },
    { escrow: '\u{1f600}', amountMinor: 1n, entry: idOf(2), feeEntry: null, excessMinor: 0n, statedMinor: 1n },
  ],
  unplaced: [
    { escrow: '\u{1f600}', statedMinor: BIG, entry: idOf(1), feeEntry: idOf(3) },
    { escrow: 'e, "2"', statedMinor: 1n, entry: null, feeEntry: null },
  ],
  capturedAt: START - 1,
  recordedAt: START,
  revision: 2,
}

const fee: Fee = {
  gateway: 'razor:pay%',
  id: 'fee, 1',
  reference: 'pay, "1": %3A',
  currency: 'INR',
  feeMinor: BIG,
  taxMinor: PAST_DOUBLE,
  entry: idOf(3),
  recordedAt: START,
  revision: 1,
}

export const suspenseItem: SuspenseItem = {
  id: idOf(4),
  gateway: 'razorpay',
  reference: "pay 'x'",
  escrow: 'e;1',
  instruction: 'payout:\\1',
  currency: 'JPY',
  amountMinor: -BIG,
  remainingMinor: -PAST_DOUBLE,
  reason: 'overfunded',
  state: 'open',
  entry: idOf(5),
  recordedAt: START,
  revision: 3,
}

export const restriction: Restriction = {
  code: 'payee:p%3A9:payable',
  frozen: 'all',
  closed: true,
  reason: 'asked, "in writing"',
  revision: 4,
}

const reversal: Reversal = { entry: idOf(6), sequence: 1, reversal: idOf(7), revision: 1 }

/** One record of each kind with something in every field, and one with nothing where there may be nothing. */
export const sampleRecords: readonly RecordChange[] = [
  creating('escrows', bareEscrow),
  creating('escrows', fullEscrow),
  creating('payments', payment),
  creating('payments', {
    ...payment,
    reference: 'bare',
    amountMinor: 1n,
    receivedCurrency: null,
    receivedMinor: null,
    allocatedMinor: 0n,
    refundedMinor: 0n,
    chargedBackMinor: 0n,
    suspenseMinor: 0n,
    allocations: [],
    unplaced: [],
  }),
  creating('instructions', {
    ...instruction,
    id: 'bare',
    kind: 'refund',
    state: 'recorded',
    escrow: null,
    payment: null,
    about: null,
    destination: null,
    hold: null,
    takenBackMinor: 0n,
    reversingMinor: 0n,
    followUps: 0,
    gatewayReference: null,
    reason: null,
    attempts: 0,
    nextAt: null,
    lease: null,
    leaseUntil: null,
    lastEntry: null,
    firstSentAt: null,
    lastSentAt: null,
    replacedBy: null,
  }),
  creating('instructions', instruction),
  creating('fees', fee),
  creating('fees', { ...fee, id: 'zzz', taxMinor: 0n }),
  creating('suspense', suspenseItem),
  creating('suspense', { ...suspenseItem, id: idOf(8), reference: null, escrow: null, instruction: null }),
  creating('restrictions', restriction),
  creating('restrictions', { ...restriction, code: 'zzz', frozen: null, closed: false, reason: null }),
  creating('reversals', reversal),
  creating('reversals', { ...reversal, sequence: 2 }),
  creating('exchanges', exchange),
  creating('exchanges', {
    ...exchange,
    sequence: 2,
    request: null,
    status: null,
    answer: null,
    requestId: null,
    error: null,
  }),
  creating('webhooks', webhook),
  creating('webhooks', {
    ...webhook,
    id: 'zzz',
    sameAs: null,
    type: null,
    subjects: [],
    reason: null,
    nextAt: null,
    occurredAt: null,
  }),
  creating('movements', movement),
  creating('movements', { ...movement, reference: 'zzz', bank: null, matches: null, entry: null, lastEntry: null }),
  creating('clawbacks', clawback),
  creating('clawbacks', { ...clawback, reference: 'zzz', escrow: null, suspense: null, lastEntry: null }),
]

/** Every field of a record, as another record of its kind could have it; under the key of the first. */
export function asIf(change: RecordChange, other: RecordChange): RecordChange {
  const identity = [
    'id',
    'kind',
    'gateway',
    'reference',
    'code',
    'entry',
    'instruction',
    'attempt',
    'sequence',
  ] as const
  const before = change.after as Versioned & Readonly<Record<string, unknown>>
  const kept = Object.fromEntries(identity.filter((name) => name in before).map((name) => [name, before[name]]))
  const after = { ...other.after, ...kept, revision: before.revision + 1 }
  return { kind: change.kind, key: change.key, before, after }
}
