import { createLedger, type Gateway, type Ledger } from 'escrow-ledger'
import type { Clock } from '../fixtures/open-ledger.js'
import { openStorage } from '../fixtures/storage-place.js'

/** Books that processes come and go on. */
export interface Book {
  readonly place: string
  readonly clock: Clock
}

/** Works on books with a ledger that has just been opened, as after a crash, and closes it again. */
export async function reopen<Result>(
  { place, clock }: Book,
  work: (ledger: Ledger) => Promise<Result>,
  gateways: Readonly<Record<string, Gateway>> = {},
): Promise<Result> {
  // Syncing the disk is the business of the processes that are killed.
  const storage = openStorage(place, { durable: false })
  const ledger = createLedger({ storage, gateways, runtime: { now: () => clock.now } })
  try {
    await ledger.migrate()
    return await work(ledger)
  } finally {
    await ledger.close()
  }
}
