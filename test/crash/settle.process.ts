/**
 * Runs a settlement in small pages, and tells after each of them how many deals it has settled so far:
 *
 *   settle.process.ts PLACE NOW
 */
import { createLedger } from 'escrow-ledger'
import { openStorage } from '../fixtures/storage-place.js'

const [place = '', now = '0'] = process.argv.slice(2)

const tell = (line: string | number) => process.stdout.write(`${line}\n`)
const storage = openStorage(place, { durable: true })
const ledger = createLedger({ storage, runtime: { now: () => Number(now) } })
tell(0)
await ledger.migrate()
await ledger.settlements.run({ pageSize: 4, onProgress: ({ settled }) => tell(settled) })
await ledger.close()
