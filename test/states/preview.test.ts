import type { BookLedger, EntryView, LedgerError } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import type { Clock } from '../fixtures/open-ledger.js'
import { storages } from '../fixtures/storages.js'
import { escrowStates } from '../properties/escrow-states.js'

/** Brings an escrow into a state by commands of a script. */
async function bring(book: BookLedger, clock: Clock, state: string): Promise<void> {
  for (const step of escrowStates.get(state) ?? []) {
    if ('advance' in step) {
      clock.now += step.advance
      continue
    }
    const [, verb = ''] = step.command.split('.')
    const call = book.escrows[verb as 'open'] as (input: unknown) => Promise<unknown>
    await call(step.input)
  }
}

/** What came of it, but for what no preview can know: ids, when it was written, and why somebody settles early. */
async function outcomeOf(made: Promise<{ readonly entries: readonly EntryView[] }>): Promise<unknown> {
  try {
    return (await made).entries.map(({ id, recordedAt, reason, ...entry }) => entry)
  } catch (error) {
    return (error as LedgerError).code
  }
}

describe.each(storages)('a preview, on $name', ({ openLedger }) => {
  test('gives in every state exactly what settling then posts or is refused with, and changes nothing', async () => {
    const { ledger, clock, database } = await openLedger()
    let posted = 0
    for (const state of escrowStates.keys()) {
      const book = ledger.book(state)
      await bring(book, clock, state)
      const before = await database.dump()
      const preview = await outcomeOf(book.escrows.preview('s'))
      expect(await database.dump(), state).toEqual(before)
      const dueAt = state === 'not opened' ? null : (await book.escrows.get('s')).dueAt
      clock.now = Math.max(clock.now, dueAt ?? clock.now)
      const early = dueAt === null ? { early: { reason: 'Agreed.' } } : {}
      expect(await outcomeOf(book.escrows.settle({ id: 's', ...early })), state).toEqual(preview)
      expect((await book.verify()).deviations, state).toEqual([])
      if (Array.isArray(preview)) posted += preview.length
    }
    expect(posted).toBeGreaterThan(10)
  })
})
