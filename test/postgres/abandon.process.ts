/**
 * Starts a server and does not end it: tells where it is, then waits to be killed.
 *
 *   abandon.process.ts
 */
import { dirname } from 'node:path'
import { launchServer } from '@escrow-ledger/postgres-server'

const server = await launchServer()
process.stdout.write(`${dirname(server.log)}\n`)
setInterval(() => {}, 60_000)
