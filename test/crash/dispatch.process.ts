/**
 * Dispatches all that is due at one time, through gateways that keep their effects in a file, and tells of each call:
 *
 *   dispatch.process.ts PLACE EFFECTS NOW
 */
import { createLedger } from 'escrow-ledger'
import { openStorage } from '../fixtures/storage-place.js'
import { createFileGateways, openEffects } from './effect-file.js'

const [place = '', effects = '', time = '0'] = process.argv.slice(2)

const tell = (line: string) => process.stdout.write(`${line}\n`)
const now = () => Number(time)
const file = await openEffects(effects)
const storage = openStorage(place, { durable: true })
const ledger = createLedger({ storage, gateways: createFileGateways({ file, now, tell }), runtime: { now } })
tell('opened')
await ledger.migrate()
// What was found absent is due again at once.
let attempts: number
do attempts = (await ledger.instructions.dispatch()).attempts
while (attempts > 0)
await ledger.close()
await file.close()
