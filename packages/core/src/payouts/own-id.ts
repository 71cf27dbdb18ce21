import { textSchema } from '../journal/schema.js'

/** The host's own id of a payout, order or transfer. Longer than others: an automatic payout's has a period and currency before the payee's. */
export const ownIdSchema = textSchema({ min: 1, max: 190 })
