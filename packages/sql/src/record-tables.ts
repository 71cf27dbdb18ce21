import type {
  Escrow,
  Fee,
  Instruction,
  KeptExchange,
  KeptWebhook,
  Movement,
  Payment,
  RecordKindName,
  Restriction,
  Reversal,
  SuspenseItem,
  Versioned,
} from 'escrow-ledger'
import {
  amount,
  boolean,
  type Column,
  type ColumnsOf,
  columnName,
  integer,
  json,
  namedColumns,
  optionalAmount,
  optionalInteger,
  optionalJson,
  optionalText,
  text,
  texts,
} from './columns.js'
import type { Table } from './table.js'

/** The record type behind each kind's name. A kind that core gains does not compile until it stands here. */
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
}

/**
 * Fields that a query names, then those that order its answer, the key last: so the index gives the page as it is asked
 * for. `key` stands for the key that is made of several fields.
 */
interface RecordIndex<Field> {
  readonly fields: readonly (Field | typeof OWN_KEY)[]
  readonly present?: Field
}

/** The column of a key that is made of several fields. */
const OWN_KEY = 'key'

/** Where records of one kind are kept: a column for every field, declared here and nowhere else. */
interface Declaration<Record> {
  readonly name: string
  /** The field that is the record's key, or null where the key is made of several and kept in a column of its own. */
  readonly key: (keyof Record & string) | null
  readonly columns: ColumnsOf<Record>
  /** Beside the key. */
  readonly indexes: readonly RecordIndex<keyof Record & string>[]
}

const escrows: Declaration<Escrow> = {
  name: 'ledger_escrows',
  key: 'id',
  columns: {
    id: text,
    payer: text,
    parties: texts,
    currency: text,
    amountMinor: amount,
    terms: json,
    metadata: texts,
    fundedMinor: amount,
    heldMinor: amount,
    frozenMinor: amount,
    releasedMinor: amount,
    refundedMinor: amount,
    chargedBackMinor: amount,
    openedAt: integer,
    fundedAt: optionalInteger,
    deliveredAt: optionalInteger,
    completedAt: optionalInteger,
    resolvedAt: optionalInteger,
    settledAt: optionalInteger,
    cancelledAt: optionalInteger,
    lastAt: optionalInteger,
    measures: texts,
    fundings: json,
    disputes: json,
    releases: integer,
    partyTotals: json,
    deductionTotals: json,
    nextAt: optionalInteger,
    failedAttempt: optionalJson,
    steps: integer,
    revision: integer,
  },
  indexes: [{ fields: ['nextAt', 'id'], present: 'nextAt' }, { fields: ['payer', 'id'] }],
}

const payments: Declaration<Payment> = {
  name: 'ledger_payments',
  key: null,
  columns: {
    gateway: text,
    reference: text,
    currency: text,
    amountMinor: amount,
    receivedCurrency: optionalText,
    receivedMinor: optionalAmount,
    account: text,
    allocatedMinor: amount,
    refundedMinor: amount,
    chargedBackMinor: amount,
    suspenseMinor: amount,
    allocations: json,
    capturedAt: integer,
    recordedAt: integer,
    revision: integer,
  },
  indexes: [{ fields: ['recordedAt', 'key'] }],
}

const instructions: Declaration<Instruction> = {
  name: 'ledger_instructions',
  key: 'id',
  columns: {
    id: text,
    kind: text,
    gateway: text,
    state: text,
    currency: text,
    amountMinor: amount,
    party: text,
    escrow: optionalText,
    payment: optionalText,
    about: optionalText,
    destination: optionalText,
    hold: optionalText,
    takenBackMinor: amount,
    source: text,
    gatewayKey: text,
    gatewayReference: optionalText,
    reason: optionalText,
    attempts: integer,
    nextAt: optionalInteger,
    lease: optionalText,
    leaseUntil: optionalInteger,
    createdAt: integer,
    lastAt: integer,
    lastEntry: optionalText,
    firstSentAt: optionalInteger,
    lastSentAt: optionalInteger,
    changedAt: integer,
    replacedBy: optionalText,
    revision: integer,
  },
  indexes: [
    { fields: ['nextAt', 'id'], present: 'nextAt' },
    { fields: ['createdAt', 'id'] },
    { fields: ['state', 'createdAt', 'id'] },
    { fields: ['escrow', 'createdAt', 'id'], present: 'escrow' },
    { fields: ['party', 'createdAt', 'id'] },
    { fields: ['gatewayReference', 'id'], present: 'gatewayReference' },
    { fields: ['gatewayKey', 'id'] },
    { fields: ['about', 'id'], present: 'about' },
  ],
}

const fees: Declaration<Fee> = {
  name: 'ledger_fees',
  key: null,
  columns: {
    gateway: text,
    id: text,
    reference: text,
    currency: text,
    feeMinor: amount,
    taxMinor: amount,
    entry: text,
    recordedAt: integer,
    revision: integer,
  },
  indexes: [{ fields: ['gateway', 'reference', 'key'] }],
}

const suspense: Declaration<SuspenseItem> = {
  name: 'ledger_suspense',
  key: 'id',
  columns: {
    id: text,
    gateway: text,
    reference: optionalText,
    escrow: optionalText,
    instruction: optionalText,
    currency: text,
    amountMinor: amount,
    remainingMinor: amount,
    reason: text,
    state: text,
    entry: text,
    recordedAt: integer,
    revision: integer,
  },
  indexes: [{ fields: ['state', 'recordedAt', 'id'] }],
}

const restrictions: Declaration<Restriction> = {
  name: 'ledger_restrictions',
  key: 'code',
  columns: { code: text, frozen: optionalText, closed: boolean, reason: optionalText, revision: integer },
  indexes: [],
}

const reversals: Declaration<Reversal> = {
  name: 'ledger_reversals',
  key: null,
  columns: { entry: text, sequence: integer, reversal: text, revision: integer },
  indexes: [],
}

const exchanges: Declaration<KeptExchange> = {
  name: 'ledger_exchanges',
  key: null,
  columns: {
    instruction: text,
    attempt: integer,
    sequence: integer,
    method: text,
    path: text,
    request: optionalText,
    status: optionalInteger,
    answer: optionalText,
    requestId: optionalText,
    error: optionalText,
    at: integer,
    revision: integer,
  },
  indexes: [{ fields: ['instruction', 'attempt', 'sequence', 'key'] }],
}

const webhooks: Declaration<KeptWebhook> = {
  name: 'ledger_webhooks',
  key: 'id',
  columns: {
    id: text,
    sameAs: optionalText,
    gateway: text,
    type: optionalText,
    state: text,
    body: text,
    subjects: json,
    reason: optionalText,
    attempts: integer,
    nextAt: optionalInteger,
    occurredAt: optionalInteger,
    receivedAt: integer,
    changedAt: integer,
    revision: integer,
  },
  indexes: [{ fields: ['nextAt', 'id'], present: 'nextAt' }, { fields: ['state', 'receivedAt', 'id'] }],
}

const movements: Declaration<Movement> = {
  name: 'ledger_movements',
  key: null,
  columns: {
    kind: text,
    gateway: text,
    reference: text,
    bank: optionalText,
    matches: optionalText,
    currency: text,
    amountMinor: amount,
    feeMinor: amount,
    taxMinor: amount,
    state: text,
    entry: optionalText,
    lastEntry: optionalText,
    recordedAt: integer,
    revision: integer,
  },
  indexes: [{ fields: ['recordedAt', 'key'] }, { fields: ['state', 'recordedAt', 'key'] }],
}

const declarations: { readonly [Name in RecordKindName]: Declaration<RecordOf[Name]> } = {
  escrows,
  payments,
  instructions,
  fees,
  suspense,
  restrictions,
  reversals,
  exchanges,
  webhooks,
  movements,
}

/** A kind's table, as storages use it. */
export interface RecordTable {
  readonly table: Table
  /** The column that holds the record's key. */
  readonly keyColumn: string
  /** Columns by field, in the order in which they are written and read. */
  readonly columns: Readonly<Record<string, Column>>
  readonly fields: readonly string[]
}

function recordTable(declared: {
  readonly name: string
  readonly key: string | null
  readonly columns: Readonly<Record<string, Column>>
  readonly indexes: readonly RecordIndex<string>[]
}): RecordTable {
  const keyColumn = declared.key === null ? OWN_KEY : columnName(declared.key)
  const own: Record<string, Column> = declared.key === null ? { [OWN_KEY]: text } : {}
  return {
    keyColumn,
    columns: declared.columns,
    fields: Object.keys(declared.columns),
    table: {
      name: declared.name,
      columns: { book: integer, ...own, ...namedColumns(declared.columns) },
      primaryKey: ['book', keyColumn],
      indexes: declared.indexes.map(({ fields, present }) => ({
        columns: ['book', ...fields.map(columnName)],
        ...(present === undefined ? {} : { present: columnName(present) }),
      })),
    },
  }
}

/** The table of each kind of record. */
export const recordTables: Readonly<Record<RecordKindName, RecordTable>> = {
  escrows: recordTable(declarations.escrows),
  payments: recordTable(declarations.payments),
  instructions: recordTable(declarations.instructions),
  fees: recordTable(declarations.fees),
  suspense: recordTable(declarations.suspense),
  restrictions: recordTable(declarations.restrictions),
  reversals: recordTable(declarations.reversals),
  exchanges: recordTable(declarations.exchanges),
  webhooks: recordTable(declarations.webhooks),
  movements: recordTable(declarations.movements),
}

/** The values of a record's fields, by name. */
export function fieldsOf(record: Versioned): Readonly<Record<string, unknown>> {
  return record as unknown as Readonly<Record<string, unknown>>
}
