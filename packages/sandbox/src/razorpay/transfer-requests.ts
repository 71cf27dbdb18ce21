import type { Desk } from './desk.js'
import { checkFields, isObject, type Json, type Notes, readAmount, readFlag, readNotes } from './fields.js'
import type { Order, Transfer } from './records.js'
import { badRequest } from './refusal.js'

/** A transfer that a request asks for. */
export interface AskedTransfer {
  readonly recipient: string
  readonly amountMinor: bigint
  readonly notes: Notes
  readonly linkedAccountNotes: readonly string[]
  readonly onHold: boolean
  readonly onHoldUntil: number | null
}

const allowed = ['account', 'amount', 'currency', 'notes', 'linked_account_notes', 'on_hold', 'on_hold_until']

/** Reads the list `transfers` of a request; together they may not be more than the payment or order. */
export function readTransfers(
  desk: Desk,
  given: unknown,
  { limitMinor, of }: { limitMinor: bigint; of: 'payment' | 'order' },
): AskedTransfer[] {
  if (!Array.isArray(given)) throw badRequest('The transfers must be an array.', { field: 'transfers' })
  const asked = given.map((each: unknown, index) => readTransfer(desk, each, `transfers.${index}.`))
  const totalMinor = asked.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
  if (totalMinor <= limitMinor) return asked
  const limit = of === 'payment' ? 'captured amount' : 'order amount'
  throw badRequest(`The sum of amount requested for transfer is greater than the ${limit}`)
}

/** Reads one transfer. The prefix is the place of its fields in the request, for errors. */
export function readTransfer(desk: Desk, given: unknown, prefix = ''): AskedTransfer {
  if (!isObject(given)) throw badRequest('The transfers must be an array.', { field: 'transfers' })
  checkFields(given, allowed)
  const recipient = given.account
  if (typeof recipient !== 'string')
    throw badRequest(`The ${prefix}account field is required.`, { field: `${prefix}account` })
  const amountMinor = readAmount(given, 'amount', `${prefix}amount`)
  if (amountMinor < 100n) throw badRequest(`The ${prefix}amount must be at least 100.`, { field: `${prefix}amount` })
  if ((given.currency ?? 'INR') !== 'INR') {
    throw badRequest('Transfers are supported only in INR', { field: `${prefix}currency` })
  }
  checkRecipient(desk, recipient)
  const hold = readHold(desk, given)
  const linkedAccountNotes = readKeys(given)
  return {
    recipient,
    amountMinor,
    notes: readNotes(given),
    linkedAccountNotes,
    onHold: false,
    onHoldUntil: null,
    ...hold,
  }
}

/**
 * A linked account must be known, and its Route product activated. How Razorpay words the second refusal is not in its
 * documents.
 */
function checkRecipient({ store }: Desk, recipient: string): void {
  const account = store.accounts.find(recipient)
  if (!account) throw badRequest(`${recipient} is an invalid account_code.`, { field: 'account' })
  const isActive =
    store.products.where(({ accountId, status }) => accountId === recipient && status === 'activated').length > 0
  if (isActive && account.status !== 'suspended') return
  throw badRequest('The linked account is not activated', { field: 'account', reason: 'account_not_activated' })
}

/** `on_hold` and `on_hold_until`, as far as they are given. */
export function readHold(desk: Desk, given: Json): { onHold?: boolean; onHoldUntil?: number | null } {
  const onHold = readFlag(given, 'on_hold')
  const until = given.on_hold_until
  if (until === undefined || until === null) return onHold === undefined ? {} : { onHold, onHoldUntil: null }
  const onHoldUntil = readTime(until)
  if (onHold === false) throw badRequest('on_hold must be true when on_hold_until is sent', { field: 'on_hold_until' })
  if (onHoldUntil <= desk.seconds()) {
    throw badRequest('on_hold_until must be a timestamp in the future', { field: 'on_hold_until' })
  }
  return { onHold: true, onHoldUntil }
}

function readTime(value: unknown): number {
  const seconds = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  if (Number.isSafeInteger(seconds)) return seconds as number
  throw badRequest('The on_hold_until must be an integer.', { field: 'on_hold_until' })
}

function readKeys(given: Json): readonly string[] {
  const keys = given.linked_account_notes ?? []
  const notes = readNotes(given)
  if (Array.isArray(keys) && keys.every((key): key is string => typeof key === 'string' && key in notes)) return keys
  throw badRequest('The following keys in linked_account_notes are not present in notes', {
    field: 'linked_account_notes',
  })
}

/** Puts transfers on record that start when their order is paid. */
export const addOrderTransfers = (desk: Desk, order: Order, asked: readonly AskedTransfer[]): Transfer[] =>
  asked.map((each) => addTransfer(desk, each, { source: order.id, paymentId: null, status: 'created' }))

export const addTransfer = (
  desk: Desk,
  asked: AskedTransfer,
  from: Pick<Transfer, 'source' | 'paymentId' | 'status'>,
): Transfer =>
  desk.store.transfers.add({
    ...{ id: desk.newId('transfers'), createdAt: desk.seconds(), ...asked, ...from },
    ...{ amountReversedMinor: 0n, feeMinor: 0n, taxMinor: 0n, processedAt: null, settlementId: null, error: null },
  })
