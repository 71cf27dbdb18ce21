import { createSqliteStorage } from '@escrow-ledger/sqlite'
import { createLedger, type Gateway, type Ledger } from 'escrow-ledger'
import type { Clock } from '../fixtures/open-ledger.js'

/** A file that processes come and go on. */
export interface Book {
  readonly filename: string
  readonly clock: Clock
}

/** Works on a file with a ledger that has just been opened, as after a crash, and closes it again. */
export async function reopen<Result>(
  { filename, clock }: Book,
  work: (ledger: Ledger) => Promise<Result>,
  gateways: Readonly<Record<string, Gateway>> = {},
): Promise<Result> {
  // Syncing the disk is the business of the processes that are killed.
  const storage = createSqliteStorage({ filename, synchronous: 'NORMAL', busyDeadlineMs: 60_000 })
  const ledger = createLedger({ storage, gateways, runtime: { now: () => clock.now } })
  try {
    await ledger.migrate()
    return await work(ledger)
  } finally {
    await ledger.close()
  }
}
