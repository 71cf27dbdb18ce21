import { type Policy, Problem } from '@escrow-ledger/http'

/**
 * A payer rates on the marketplace's page alone: the ledger knows neither when a session begins nor the bookings' table.
 * Through the API, a payer could rate a session badly that is still to come, and get a part of the price back.
 */
export const ratingsByPage: Policy = ({ principal, operation }) =>
  operation === 'sessions.complete' && principal?.roles.includes('payer')
    ? new Problem(403, 'forbidden', 'Sessions are rated on the page of the booking.')
    : null
