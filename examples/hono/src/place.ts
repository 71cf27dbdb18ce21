import type { Logger } from '@escrow-ledger/http'
import type { Sandbox } from '@escrow-ledger/sandbox'
import type { Ledger } from 'escrow-ledger'
import type { Knex } from 'knex'
import type { Logins } from './authenticate.js'

/** What the pages work with. */
export interface Place {
  readonly knex: Knex
  readonly ledger: Ledger
  readonly logger: Logger
  readonly logins: Logins
  readonly sandbox: Sandbox
}
