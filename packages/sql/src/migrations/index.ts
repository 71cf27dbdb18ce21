import { ledger } from './0001-ledger.js'
import type { Migration } from './migration.js'

/** All steps of the schema, in order. */
export const migrations: readonly Migration[] = [ledger]

export type { Migration } from './migration.js'
