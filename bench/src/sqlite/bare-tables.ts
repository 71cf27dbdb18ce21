import type Database from 'better-sqlite3'

/** The ledger's tables and indexes without the rules that the database enforces: no triggers, no checks. */
export function bareSchema(database: Database.Database): readonly string[] {
  const statements = database
    .prepare(
      `SELECT sql FROM sqlite_schema WHERE type IN ('table', 'index') AND sql IS NOT NULL AND name GLOB 'ledger_*'`,
    )
    .pluck()
    .all() as string[]
  return statements.map(withoutChecks)
}

const CHECK = /,\s*CONSTRAINT \S+ CHECK \(/

function withoutChecks(sql: string): string {
  const found = CHECK.exec(sql)
  if (!found) return sql
  let end = found.index + found[0].length
  for (let depth = 1; depth > 0; end++) {
    if (sql[end] === '(') depth += 1
    else if (sql[end] === ')') depth -= 1
  }
  return withoutChecks(sql.slice(0, found.index) + sql.slice(end))
}
