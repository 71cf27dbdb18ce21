import { ledgerError } from 'escrow-ledger'

/**
 * What stands for the schema in the SQL of this package. Every statement names its schema, since a `search_path` set on
 * a connection is lost behind a pooler that hands out another one for each transaction.
 */
export const SCHEMA = '"{schema}"'

const allowed = /^[a-z_][a-z0-9_]{0,62}$/i

/** Puts the schema's name into a statement. */
export function inSchema(sql: string, schema: string): string {
  return sql.replaceAll(SCHEMA, `"${schema}"`)
}

/** Throws `invalid_input` for a name that would need more than quotes. */
export function checkSchemaName(schema: string): void {
  if (allowed.test(schema)) return
  const issue = {
    path: 'schema',
    message: 'must begin with a letter or underscore, and have up to 63 letters, digits and underscores',
  }
  throw ledgerError('invalid_input', `The input is not valid: schema ${issue.message}.`, { issues: [issue] })
}
