import { z } from 'zod'
import type { Command } from '../journal/command.js'
import { idSchema, parserOf } from '../journal/schema.js'
import { escrows } from './escrow.js'
import { hasEnded, keepEscrow } from './life.js'

const schema = z.strictObject({ id: idSchema, code: z.string(), message: z.string() })

/** A release is tried again after a minute at first, then after twice as long each time, up to a day. */
const FIRST_DELAY_MS = 60_000
const LONGEST_DELAY_MS = 86_400_000

export interface AttemptAnswer {
  readonly escrow: string
  readonly attempts: number
  /** When a settlement run tries again, in milliseconds; null when there is nothing to try. */
  readonly nextAt: number | null
}

/** Keeps why a settlement run could not release an escrow, and when to try again. Posts nothing. */
export const recordAttemptCommand: Command<z.output<typeof schema>, AttemptAnswer> = {
  name: 'settlements.record-attempt',
  parse: parserOf(schema),
  direct: (input) => ({ records: { escrows: [input.id] } }),
  decide({ id, code, message }, draft) {
    const escrow = draft.get(escrows, id)
    if (!escrow || (hasEnded(escrow) && escrow.heldMinor === 0n)) return { escrow: id, attempts: 0, nextAt: null }
    const attempts = (escrow.failedAttempt?.attempts ?? 0) + 1
    const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempts - 1, 20))
    const failedAttempt = { code, message, attempts, at: draft.now, nextAt: draft.now + delay }
    const kept = keepEscrow(
      draft,
      { ...escrow, failedAttempt },
      { command: 'settlement-refused', at: draft.now, detail: { code, message, attempts } },
    )
    return { escrow: id, attempts, nextAt: kept.nextAt }
  },
}
