import type { Entry } from '../../journal/entry.js'
import { type Movement, movementKey, movements } from '../../reconciliation/movement.js'
import { createJudge, type Judge } from './deviations.js'
import { judgeMovementAmounts } from './judge-movement.js'
import type { Verification } from './verification.js'
import type { RecordCheck } from './walk-records.js'

/** Movements between gateways and banks against their entries, and settlements and credits against each other. */
export const movementCheck: RecordCheck<Movement> = {
  kind: movements,
  counted: 'movements',
  async judge(verification, page) {
    const { reads, book } = verification
    const ids = page.flatMap(({ entry, lastEntry }) => [entry, lastEntry]).filter((id) => id !== null)
    const entries = new Map((await reads.entries(book, [...new Set(ids)])).map((entry) => [entry.id, entry]))
    const judged = page.map(async (movement) => {
      const { kind, gateway, reference } = movement
      const judge = createJudge({ movement: { kind, gateway, reference } })
      const first = entries.get(movement.entry ?? '')
      const last = entries.get(movement.lastEntry ?? '')
      if (judgeEntries(movement, { first, last }, judge)) judgeMovementAmounts(movement, { first, last }, judge)
      judgeMatch(movement, await counterpartOf(verification, movement), judge)
      return judge.found
    })
    return await Promise.all(judged)
  },
  // What became of a credit changes its settlement as well, in the same unit of work.
  async stamp(verification, movement) {
    return `${(await counterpartOf(verification, movement))?.revision}`
  },
}

/** The kinds of the first and the last entry of a movement that may be in its state; null where it has none. */
const kindsByState: Readonly<Record<string, readonly (readonly [first: string, last: string] | null)[]>> = {
  'settlement in_transit': [['settlement', 'settlement']],
  'settlement done': [
    ['settlement', 'bank_credit'],
    ['settlement', 'credit_matched'],
  ],
  'settlement failed': [['settlement', 'settlement_failed']],
  'credit expected': [null],
  'credit failed': [null],
  'credit unmatched': [['bank_credit', 'bank_credit']],
  'credit done': [
    ['bank_credit', 'bank_credit'],
    ['bank_credit', 'credit_matched'],
  ],
  'top_up done': [['top_up', 'top_up']],
}

interface Ends {
  readonly first: Entry | undefined
  readonly last: Entry | undefined
}

function judgeEntries(movement: Movement, { first, last }: Ends, judge: Judge): boolean {
  const { kind, gateway, state, entry } = movement
  const possible = kindsByState[`${kind} ${state}`] ?? []
  const inWords = (kinds: readonly [string, string] | null) => (kinds === null ? 'none' : kinds.join(', '))
  const actual = entry === null ? 'none' : `${first?.kind ?? 'missing'}, ${last?.kind ?? 'missing'}`
  if (!possible.some((kinds) => inWords(kinds) === actual)) {
    const differ = { expected: possible.map(inWords).join('; or '), actual }
    judge.finds('movement_entry_differs', `Its entries are not those of a ${kind} that is ${state}.`, differ)
    return false
  }
  const isNamed = [first, last].every((each) => each === undefined || each.gateway === gateway)
  if (isNamed && (first === undefined || first.reference === movement.reference)) return true
  judge.finds('movement_entry_differs', 'Its entries are of another movement.', { entry: entry ?? undefined })
  return false
}

async function counterpartOf(
  { reads, book }: Verification,
  { kind, gateway, matches }: Movement,
): Promise<Movement | null> {
  if (matches === null || kind === 'top_up') return null
  const key = movementKey(kind === 'settlement' ? 'credit' : 'settlement', gateway, matches)
  return (await reads.record(book, 'movements', key)) as Movement | null
}

/** A settlement that did not fail and its credit name each other; when one of them is done, both are, by one entry. */
function judgeMatch(movement: Movement, counterpart: Movement | null, judge: Judge): void {
  const { kind, matches, reference, state, lastEntry } = movement
  const needsOne = kind !== 'top_up' && (state === 'done' || state === 'expected')
  if (matches === null) {
    if (needsOne) judge.finds('movement_match_differs', `It is ${state}, and names no counterpart.`)
    return
  }
  if (kind === 'settlement' && state === 'failed') return
  if (counterpart?.matches !== reference) {
    const differ = { expected: reference, actual: counterpart?.matches ?? 'none' }
    judge.finds('movement_match_differs', `${matches}, which it belongs together with, does not name it.`, differ)
    return
  }
  const isDone = state === 'done'
  if (isDone === (counterpart.state === 'done') && (!isDone || counterpart.lastEntry === lastEntry)) return
  const differ = { expected: counterpart.state, actual: state }
  judge.finds('movement_match_differs', `It and ${matches} are not done by the same entry.`, differ)
}
