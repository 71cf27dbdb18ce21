import { createSqliteStorage } from '@escrow-ledger/sqlite'
import BetterSqlite3 from 'better-sqlite3'
import { createLedger, deviationCodes } from 'escrow-ledger'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { liveEveryLife } from '../fixtures/every-life.js'
import { START } from '../fixtures/open-ledger.js'
import { tamperWith } from '../fixtures/tampering.js'
import { accountFaults, entryFaults, type Fault } from './faults.js'
import { escrowFaults, instructionFaults, paymentFaults } from './record-faults.js'

/** A book that has been through everything, as the bytes of its database. */
let book: Buffer

beforeAll(async () => {
  const database = new BetterSqlite3(':memory:')
  const clock = { now: START }
  const storage = createSqliteStorage({ database })
  const ledger = createLedger({ storage, runtime: { now: () => clock.now } })
  await ledger.migrate()
  await liveEveryLife(ledger, clock)
  book = database.serialize()
  database.close()
})

function openCopy() {
  const database = new BetterSqlite3(book)
  onTestFinished(() => void database.close())
  return { database, ledger: createLedger({ storage: createSqliteStorage({ database }) }) }
}

test.each([1, 2, 3, 7, 500])(
  'a book that has been through everything has no deviation, in pages of %i',
  async (pageSize) => {
    const { ledger } = openCopy()
    const { ok, deviations, undecided } = await ledger.verify({ pageSize })
    expect(deviations).toEqual([])
    expect({ ok, undecided }).toEqual({ ok: true, undecided: 0 })
  },
)

const faults: readonly Fault[] = [
  ...entryFaults,
  ...accountFaults,
  ...escrowFaults,
  ...paymentFaults,
  ...instructionFaults,
]

describe.each([2, 500])('in pages of %i', (pageSize) => {
  test.each(faults)('$code: $what', async ({ code, plant, about, also = [] }) => {
    const { database, ledger } = openCopy()
    plant(tamperWith(database))
    const { ok, deviations } = await ledger.verify({ pageSize })
    expect(ok).toBe(false)
    expect([...new Set(deviations.map((deviation) => deviation.code))].sort()).toEqual([code, ...also].sort())
    expect(deviations).toContainEqual(expect.objectContaining({ code, ...about }))
  })
})

test('every code is planted', () => {
  expect([...new Set(faults.map(({ code }) => code))].sort()).toEqual(Object.keys(deviationCodes).sort())
})
