import { randomBytes, randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createJournal } from './fixtures/journal.js'
import { migratedStorage, temporaryFile } from './fixtures/open.js'
import { write } from './fixtures/work.js'

const ACCOUNTS = 1_000
const ENTRIES = 20_000
const BATCH = 500
const BYTES_AN_ENTRY = 350

describe('the size of the file', () => {
  it(`is at most ${BYTES_AN_ENTRY} bytes an entry of two postings, its key and 40 bytes of metadata`, async () => {
    const filename = temporaryFile()
    const storage = await migratedStorage({ filename })
    const journal = createJournal()
    const metadata = { order: 'ord_1234567890', source: 'web' }
    expect(JSON.stringify(metadata)).toHaveLength(41)
    const anyCode = () => `payee:p${Math.floor(Math.random() * ACCOUNTS)}:payable`
    for (let batch = 0; batch < ENTRIES / BATCH; batch++) {
      journal.tick(10)
      for (let count = 0; count < BATCH; count++) {
        const amount = BigInt(1 + Math.floor(Math.random() * 1_000_000))
        const lines = [
          { code: anyCode(), amount },
          { code: anyCode(), amount: -amount },
        ]
        const { id } = journal.post({ lines, metadata })
        journal.key({ key: randomUUID(), fingerprint: randomBytes(16), entry: id, result: null })
      }
      await write(storage, journal.changes())
    }
    await storage.close()
    expect(statSync(filename).size / ENTRIES).toBeLessThanOrEqual(BYTES_AN_ENTRY)
  })
})
