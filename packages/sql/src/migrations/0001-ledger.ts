import type { Dialect } from '../dialect.js'
import { recordTables } from '../record-tables.js'
import type { Migration } from './migration.js'

/** The first schema. Whoever adds a column after it was released takes it out here and adds it in a migration. */
export const ledger: Migration = {
  name: '0001-ledger',
  statements: (dialect: Dialect) => [
    ...dialect.journalTables.flatMap((table) => dialect.createTable(table)),
    ...Object.values(recordTables).flatMap(({ table }) => dialect.createTable(table)),
    ...dialect.rules('0001-ledger'),
  ],
}
