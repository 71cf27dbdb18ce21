import { accountReads } from './read-accounts.js'
import { payeeReads } from './read-payees.js'
import { payoutReads } from './read-payouts.js'
import { sessionReads } from './read-sessions.js'

/** The routes that change nothing. */
export const readingRoutes = [...sessionReads, ...payeeReads, ...payoutReads, ...accountReads]
