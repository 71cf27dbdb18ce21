import { z } from 'zod'
import { accountCodes } from '../accounts/chart.js'
import { ledgerError } from '../errors/index.js'
import { followUpId, instructionIds, instructions } from '../instructions/instruction.js'
import { newInstruction } from '../instructions/new-instruction.js'
import type { Command } from '../journal/command.js'
import { effectiveOfRequest } from '../journal/effective.js'
import { credit, debit } from '../journal/entry.js'
import { instantSchema } from '../journal/instant.js'
import { postEntry } from '../journal/post-entry.js'
import { parserOf, textSchema } from '../journal/schema.js'
import { fromMinor } from '../money/index.js'
import { followUpIds, liveFollowUp } from './follow-up.js'
import { instructionNeeds } from './instruction-needs.js'
import { checkState, type InstructionAnswer, instructionAnswer, requireInstruction } from './instruction-outcome.js'
import { inTransitOf, originOf } from './money-way.js'

const schema = z.strictObject({ id: textSchema({ min: 1, max: 190 }), at: instantSchema.optional() })

/**
 * Lets a payee's linked account settle what was transferred to it, less what was taken back: the payee is paid. A request.
 *
 * | debit | credit |
 * | --- | --- |
 * | payee:p1:payable 600.00 | payouts:in-transit:razorpay 600.00 |
 *
 * Rules, in this order: `instruction_not_found`, `release_exists` (unless nothing came of it), `instruction_state` (the
 * transfer was not processed, a part of it is just being taken back, or nothing is left of it), `operation_unsupported`, and the rules of posting: what is not owed to the payee is not paid.
 */
export const releaseTransferCommand: Command<z.output<typeof schema>, InstructionAnswer> = {
  name: 'transfers.release',
  parse: parserOf(schema),
  direct: ({ id }) => instructionNeeds(instructionIds.transfer(id)),
  further: ({ id }, view) => {
    const transfer = view.get(instructions, instructionIds.transfer(id))
    if (!transfer) return {}
    const { party, gateway, currency } = transfer
    const release = { kind: 'release', party, gateway } as const
    return {
      accounts: [originOf(release), inTransitOf(release)].map((code) => ({ code, currency })),
      records: { instructions: followUpIds('release', transfer) },
    }
  },
  decide({ id, at }, draft) {
    const transfer = requireInstruction(draft, instructionIds.transfer(id))
    if (liveFollowUp(draft, 'release', transfer)) {
      throw ledgerError('release_exists', `Transfer ${id} was released already. See instructions.get.`)
    }
    checkState(transfer, ['processed'])
    if (transfer.reversingMinor > 0n) {
      // The gateway lets go of all that it holds, whatever is still to be taken back.
      const message = `A part of transfer ${id} is just being taken back. Release it when the reversal has ended: instructions.list shows it.`
      throw ledgerError('instruction_state', message, { instruction: transfer.id, state: transfer.state })
    }
    const { gateway, party, escrow, payment, currency } = transfer
    const amount = fromMinor(transfer.amountMinor - transfer.takenBackMinor, currency)
    if (amount.minor <= 0n) {
      const message = `All of transfer ${id} was taken back: there is nothing to release.`
      throw ledgerError('instruction_state', message, { instruction: transfer.id, state: transfer.state })
    }
    if (!draft.gateway(gateway).offers('release')) {
      const message = `The gateway ${gateway} has no adapter that releases transfers. Give createLedger its adapter.`
      throw ledgerError('operation_unsupported', message, { gateway, operation: 'release' })
    }
    const { effectiveAt } = effectiveOfRequest(draft, { at, now: draft.now, last: transfer.lastAt })
    const release = followUpId('release', transfer.id, transfer.followUps + 1)
    const way = { kind: 'release', party, gateway } as const
    const entry = postEntry(draft, {
      kind: 'release_requested',
      lines: [debit(originOf(way), amount), credit(inTransitOf(way), amount)],
      effectiveAt,
      escrow,
      gateway,
      payment,
      party,
      instruction: release,
    })
    const source = accountCodes.linked(gateway, party)
    const about = { id: release, ...way, escrow, payment, source, about: transfer.id }
    const recorded = newInstruction(draft, { ...about, amount, entry })
    draft.put(instructions, recorded)
    draft.put(instructions, { ...transfer, followUps: transfer.followUps + 1, revision: transfer.revision + 1 })
    return instructionAnswer(recorded)
  },
}
