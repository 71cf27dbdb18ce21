import type { Role } from './principal.js'

/** `own`: where the principal is the payer or payee, in that role, of what is named; `any`: of anybody; `none`: never. */
export type Rule = 'none' | 'own' | 'any'

type Row = Readonly<Record<Role, Rule>>

const staff: Row = { payer: 'none', payee: 'none', operator: 'any', service: 'any' }
const payers: Row = { payer: 'own', payee: 'none', operator: 'any', service: 'any' }
const payees: Row = { payer: 'none', payee: 'own', operator: 'any', service: 'any' }
const parties: Row = { payer: 'own', payee: 'own', operator: 'any', service: 'any' }
const finance: Row = { payer: 'none', payee: 'none', operator: 'any', service: 'none' }

/**
 * Who may do what: the one table of it. What is not in it is denied. A payer rates and completes, since the payee gains by
 * both; terms and refunds are the host's to decide.
 */
export const access = {
  'sessions.open': staff,
  'payments.createOrder': payers,
  'payments.capture': payers,
  'sessions.complete': payers,
  'sessions.settle': staff,
  'sessions.refund': staff,
  'sessions.cancel': staff,
  'sessions.dispute': parties,
  'sessions.resolve': { payer: 'none', payee: 'none', operator: 'any', service: 'none' },
  'payouts.request': payees,
  'sessions.get': parties,
  'sessions.timeline': parties,
  'sessions.preview': parties,
  'payees.balance': payees,
  'payees.statement': payees,
  'payouts.list': payees,
  'payouts.get': payees,
  'accounts.list': finance,
  'accounts.statement': finance,
  'reports.trialBalance': finance,
} as const satisfies Readonly<Record<string, Row>>

/** Operations that need somebody who is known. */
export type GuardedOperation = keyof typeof access
/** Operations without user authentication: a webhook bears a signature instead. */
const openOperations = ['payments.webhook', 'health', 'ready', 'openapi'] as const
type OpenOperation = (typeof openOperations)[number]
export type OperationId = GuardedOperation | OpenOperation
