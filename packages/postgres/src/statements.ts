import { hash } from 'node:crypto'
import type { SqlValue } from '@escrow-ledger/sql'
import type { PostgresClient } from './client.js'
import { inSchema } from './schema-name.js'

/** A row as the server sends it: each value as its text. */
export type Row = readonly (string | null)[]

/** Statements on one connection. */
export interface Statements {
  /** A query, planned each time: a plan that is kept was made for tables as large as they were then. */
  rows(sql: string, values?: readonly SqlValue[]): Promise<readonly Row[]>
  /** A statement in which there is nothing to plan, parsed once a connection. */
  prepared(sql: string, values: readonly SqlValue[]): Promise<readonly Row[]>
}

export interface StatementOptions {
  readonly schema: string
  /** Off behind a pooler that gives every transaction another connection, where a name means nothing. */
  readonly named: boolean
}

interface Prepared {
  readonly text: string
  readonly name: string
}

/** Statements by the SQL that asks for them: the schema is put in, and a name is made, once. */
export interface StatementTexts {
  prepared(sql: string): Prepared
  text(sql: string): string
}

export function createStatementTexts({ schema }: StatementOptions): StatementTexts {
  const known = new Map<string, Prepared>()
  return {
    text: (sql) => inSchema(sql, schema),
    prepared(sql) {
      const found = known.get(sql)
      if (found) return found
      const text = inSchema(sql, schema)
      const made = { text, name: `ledger_${hash('sha256', text, 'hex').slice(0, 24)}` }
      known.set(sql, made)
      return made
    },
  }
}

/** No value is turned into anything by the driver: JavaScript's numbers and dates hold less than the columns do. */
const asText = { getTypeParser: () => (value: string) => value }

export function createStatements(client: PostgresClient, options: StatementOptions, texts: StatementTexts): Statements {
  async function run(query: { text: string; name?: string }, values: readonly SqlValue[]): Promise<readonly Row[]> {
    const { rows } = await client.query({ ...query, values: [...values], rowMode: 'array', types: asText })
    return rows as readonly Row[]
  }
  return {
    rows: (sql, values = []) => run({ text: texts.text(sql) }, values),
    prepared: (sql, values) => run(options.named ? texts.prepared(sql) : { text: texts.text(sql) }, values),
  }
}
