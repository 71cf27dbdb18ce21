import type { Answer, EntryView, EscrowAnswer, EscrowView, InstructionView, TimelineStep } from 'escrow-ledger'
import type { Reply } from '../route.js'
import { shownTerms } from './shown-terms.js'

/** How a session stands: its escrow goes by the name that clients know. */
export function shownStanding({ escrow, status, funded, held, frozen, released, refunded, dueAt }: EscrowAnswer) {
  return { session: escrow, status, funded, held, frozen, released, refunded, dueAt }
}

export function sessionReply({ entries, replayed, ...standing }: Answer<EscrowAnswer>): Reply {
  return { body: shownStanding(standing), entries: entries.map(({ id }) => id), replayed }
}

/** What of an instruction concerns whoever may see it; the key at the gateway and the destination do not. */
export function shownInstruction(view: InstructionView, { nameOnly = false } = {}) {
  const { gateway, state, amount, party, escrow, gatewayReference, reason, createdAt, changedAt } = view
  const id = nameOnly ? view.id.slice(view.id.indexOf(':') + 1) : view.id
  return { id, gateway, state, amount, party, session: escrow, gatewayReference, reason, createdAt, changedAt }
}

export function shownEntry({ id, kind, description, effectiveAt, recordedAt, postings }: EntryView) {
  const lines = postings.map(({ account, debit, credit }) => ({ account, debit, credit }))
  return { id, kind, description, effectiveAt, recordedAt, postings: lines }
}

/** What of a session concerns its parties: not the attempts of settlement runs. Named one by one, so that nothing new gets out unseen. */
export function shownSession(view: EscrowView) {
  const { id, status, payer, parties, amount, funded, held, frozen, released, refunded, chargedBack } = view
  const terms = shownTerms(view.terms, amount.currency)
  const { measures, metadata, shares, deductions, disputes } = view
  const { openedAt, fundedAt, deliveredAt, completedAt, settledAt, cancelledAt, dueAt } = view
  return {
    ...{ id, status, payer, parties, amount, funded, held, frozen, released, refunded, chargedBack },
    ...{ terms, measures, metadata, shares, deductions, disputes },
    ...{ openedAt, fundedAt, deliveredAt, completedAt, settledAt, cancelledAt, dueAt },
  }
}

export function shownStep({ sequence, command, at, recordedAt, entries }: TimelineStep) {
  return { sequence, command, at, recordedAt, entries: entries.map(shownEntry) }
}
