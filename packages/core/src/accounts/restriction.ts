import type { Freeze } from './account.js'

/** What holds for a code in all its currencies, those not opened yet included. */
export interface Restriction {
  readonly code: string
  readonly frozen: Freeze | null
  readonly closed: boolean
  readonly reason: string | null
  readonly revision: number
}
