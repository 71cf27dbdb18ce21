import { deviationCodes } from 'escrow-ledger'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clawbackFaults } from './clawback-faults.js'
import { accountFaults, entryFaults, type Fault } from './faults.js'
import { keptRecordFaults } from './kept-record-faults.js'
import { lifeFaults } from './life-faults.js'
import { linkFaults } from './link-faults.js'
import { waysToLive } from './lived-books.js'
import { movementFaults } from './movement-faults.js'
import { escrowFaults, instructionFaults, paymentFaults } from './record-faults.js'

const faults: readonly Fault[] = [
  ...entryFaults,
  ...accountFaults,
  ...escrowFaults,
  ...paymentFaults,
  ...instructionFaults,
  ...movementFaults,
  ...clawbackFaults,
  ...keptRecordFaults,
  ...linkFaults,
  ...lifeFaults,
]

describe.each(waysToLive)('a book on $name that has been through everything', ({ live, pageSizes }) => {
  let book: Awaited<ReturnType<typeof live>>
  beforeAll(async () => {
    book = await live()
  })
  afterAll(() => book?.close())

  test.each([1, 2, 3, 7, 500])('has no deviation, in pages of %i', async (pageSize) => {
    const { ledger } = await book.openCopy()
    const { ok, deviations, undecided } = await ledger.verify({ pageSize })
    expect(deviations).toEqual([])
    expect({ ok, undecided }).toEqual({ ok: true, undecided: 0 })
  })

  describe.each(pageSizes)('in pages of %i', (pageSize) => {
    test.each(faults)('$code: $what', async ({ code, plant, about, also = [] }) => {
      const { database, ledger } = await book.openCopy()
      await plant(await database.tamper())
      const { ok, deviations } = await ledger.verify({ pageSize })
      expect(ok).toBe(false)
      expect([...new Set(deviations.map((deviation) => deviation.code))].sort()).toEqual([code, ...also].sort())
      expect(deviations).toContainEqual(expect.objectContaining({ code, ...about }))
    })
  })
})

test('every code is planted', () => {
  expect([...new Set(faults.map(({ code }) => code))].sort()).toEqual(Object.keys(deviationCodes).sort())
})
