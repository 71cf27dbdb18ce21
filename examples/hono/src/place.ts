import type { Sandbox } from '@escrow-ledger/sandbox'
import type { Ledger } from 'escrow-ledger'
import type { Knex } from 'knex'
import type { Logins } from './logins.js'

/** What the pages work with. */
export interface Place {
  readonly knex: Knex
  readonly ledger: Ledger
  readonly logins: Logins
  readonly sandbox: Sandbox
}
