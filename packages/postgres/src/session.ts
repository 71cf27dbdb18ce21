import { checkSchema, MIGRATIONS_TABLE } from '@escrow-ledger/sql'
import { isSchemaMissing } from './errors.js'
import { SCHEMA } from './schema-name.js'
import type { Statements } from './statements.js'

const completed = `SELECT name FROM ${SCHEMA}.${MIGRATIONS_TABLE} ORDER BY id`

/** Knows whether the schema is this version's, once it was looked at. */
export interface SchemaCheck {
  check(statements: Statements): Promise<void>
  forget(): void
}

export function createSchemaCheck(): SchemaCheck {
  let fit = false
  return {
    async check(statements) {
      if (fit) return
      checkSchema(await completedMigrations(statements))
      fit = true
    },
    forget() {
      fit = false
    },
  }
}

async function completedMigrations(statements: Statements): Promise<string[]> {
  try {
    return (await statements.rows(completed)).map(([name]) => name as string)
  } catch (error) {
    if (isSchemaMissing(error)) return []
    throw error
  }
}
