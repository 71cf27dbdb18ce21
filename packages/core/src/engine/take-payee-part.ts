import { LedgerError } from '../errors/index.js'
import type { GatewayClawback } from '../gateways/clawback.js'
import { type Instruction, instructionIds } from '../instructions/instruction.js'
import { fromMinor, inWords, negate } from '../money/index.js'
import { takeBackByRefundCommand } from '../payouts/take-back-by-refund.js'
import type { BookContext } from './context.js'
import type { Sight } from './look-at-subject.js'

interface Taking {
  readonly gateway: string
  readonly told: GatewayClawback
}

/**
 * Posts what of a clawback a payee's own account gave; null once all of it is. That may grow, as it does with a dispute: each
 * addition is a reversal of its own, the first by the clawback's reference, `disp_1`, those after it by that and a number,
 * `disp_1:2`. What went back to the payee's own account is for people: which of the payee's debts it pays is not known here.
 */
export async function takePayeePart(context: BookContext, { gateway, told }: Taking): Promise<Sight | null> {
  const { kind, reference, payment, payeePart, final, at } = told
  if (!payeePart) return null
  let [minor, refund] = [payeePart.minor, reference]
  for (let number = 2; ; number += 1) {
    const known = await knownReversal(context, refund)
    if (!known) break
    minor -= known.amountMinor
    refund = `${reference}:${number}`
  }
  if (minor === 0n) return null
  const amount = fromMinor(minor, payeePart.currency)
  if (minor < 0n) {
    const reason = `${kind} ${reference} gave ${inWords(negate(amount))} back to the payee's own account`
    // Unless it is the last word, it may be an answer that is older than what is posted.
    return { sight: final ? 'contradicts' : 'waits', reason }
  }
  const addition = { gateway, refund, payment, amount, at }
  try {
    const { result } = await context.run(takeBackByRefundCommand, addition, { actor: `gateway:${gateway}` })
    // Somebody else may just have posted another amount under that name: then a part of this one is left.
    return result === null ? null : takePayeePart(context, { gateway, told })
  } catch (error) {
    if (!(error instanceof LedgerError) || error.code !== 'instruction_state') throw error
    return { sight: 'waits', reason: `what ${kind} ${reference} takes from is just being released to its payee` }
  }
}

async function knownReversal({ reads, book }: BookContext, refund: string): Promise<Instruction | null> {
  return (await reads.record(book, 'instructions', instructionIds.reversal(refund))) as Instruction | null
}
