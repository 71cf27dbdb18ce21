import type { Escrow, Fee, Payment, Restriction, Reversal, SuspenseItem } from 'escrow-ledger'
import {
  amount,
  boolean,
  integer,
  json,
  optionalAmount,
  optionalInteger,
  optionalJson,
  optionalText,
  text,
  texts,
} from './columns.js'
import type { Declaration } from './record-declaration.js'

export const escrows: Declaration<Escrow> = {
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
    fallsDueAt: optionalInteger,
    nextAt: optionalInteger,
    failedAttempt: optionalJson,
    steps: integer,
    revision: integer,
  },
  indexes: [
    { fields: ['fallsDueAt', 'id'], present: 'fallsDueAt' },
    { fields: ['nextAt', 'id'], present: 'nextAt' },
    { fields: ['payer', 'id'] },
  ],
}

export const payments: Declaration<Payment> = {
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
    unplaced: json,
    capturedAt: integer,
    recordedAt: integer,
    revision: integer,
  },
  indexes: [{ fields: ['recordedAt', 'key'] }],
}

export const fees: Declaration<Fee> = {
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

export const suspense: Declaration<SuspenseItem> = {
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
  indexes: [{ fields: ['state', 'recordedAt', 'id'] }, { fields: ['entry', 'id'] }],
}

export const restrictions: Declaration<Restriction> = {
  name: 'ledger_restrictions',
  key: 'code',
  columns: { code: text, frozen: optionalText, closed: boolean, reason: optionalText, revision: integer },
  indexes: [],
}

export const reversals: Declaration<Reversal> = {
  name: 'ledger_reversals',
  key: null,
  columns: { entry: text, sequence: integer, reversal: text, revision: integer },
  indexes: [],
}
