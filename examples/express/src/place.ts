import type { Authenticate } from '@escrow-ledger/http'
import type { Ledger } from 'escrow-ledger'
import type { Pool } from 'pg'
import type { Checkout } from './razorpay.js'
import type { Tokens } from './tokens.js'

/** What the pages work with. */
export interface Place {
  readonly pool: Pool
  readonly ledger: Ledger
  readonly checkout: Checkout
  readonly tokens: Tokens
  readonly authenticate: Authenticate
  /** Lets the sandbox's time pass, which is the application's. */
  readonly passTime: (ms: number) => Promise<void>
  /** The sandbox's own page. */
  readonly sandboxUrl: string
}
