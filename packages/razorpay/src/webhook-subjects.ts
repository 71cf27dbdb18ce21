import type { Subject } from 'escrow-ledger'
import { type Answer, readAnswer } from './answer.js'
import { keyIn } from './notes.js'

/** Where the key of a call stands in what was made for it, besides its notes. */
const keyFields = { order: 'receipt', refund: 'receipt', payout: 'reference_id' } as const

const kinds = ['order', 'payment', 'refund', 'payout', 'transfer', 'reversal', 'dispute', 'settlement'] as const

interface Event {
  readonly type: string | null
  readonly body: unknown
}

/**
 * Says what an event is about, in the order of its payload. Events about an account or its products
 * (`account.activated`, `product.route.activated`) are about the linked account that they come from. With the id of our
 * own account, settlements of linked accounts, of which Razorpay tells too, are about nothing of ours.
 */
export const createSubjectsOf =
  (accountId: string | undefined) =>
  ({ type, body }: Event): readonly Subject[] => {
    if (type === null || !isFields(body)) return []
    if (/^(account|product)\./.test(type)) return payeeOf(body.account_id)
    const { payload } = body
    if (!isFields(payload)) return []
    const isOurs = accountId === undefined || body.account_id === accountId
    return Object.entries(payload).flatMap(([name, held]) => {
      const kind = kinds.find((each) => each === name)
      const entity = isFields(held) ? held.entity : undefined
      if (kind === undefined || !isFields(entity) || (kind === 'settlement' && !isOurs)) return []
      return subjectOf(kind, readAnswer(entity))
    })
  }

function subjectOf(kind: (typeof kinds)[number], entity: Answer): Subject[] {
  const read = <Value>(of: () => Value): Value | null => {
    try {
      return of()
    } catch {
      // Of another shape than is known: the API says the rest.
      return null
    }
  }
  const reference = read(() => entity.optionalText('id'))
  if (reference === null) return []
  const field = kind in keyFields ? keyFields[kind as keyof typeof keyFields] : null
  const key = read(() => keyIn(entity)) ?? (field === null ? null : read(() => entity.optionalText(field)))
  return [{ kind, reference, key }]
}

function payeeOf(account: unknown): Subject[] {
  return typeof account === 'string' && account !== '' ? [{ kind: 'payee', reference: account, key: null }] : []
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
