import { escapeIdentifier, type Pool, type PoolClient } from 'pg'

/** Ends whatever still holds a lock in a schema: a killed process, a connection gone silent. */
async function endHolders(client: PoolClient, schema: string): Promise<void> {
  await client.query(
    `select pg_terminate_backend(pid) from (
       select distinct pid from pg_locks
       join pg_class on pg_class.oid = pg_locks.relation
       where database = (select oid from pg_database where datname = current_database())
         and relnamespace = $1::regnamespace and pid <> pg_backend_pid()
     ) as holders`,
    [escapeIdentifier(schema)],
  )
}

async function alone(pool: Pool, schema: string, sql: string): Promise<void> {
  const client = await pool.connect()
  try {
    await endHolders(client, schema)
    await client.query(sql)
  } finally {
    client.release()
  }
}

/** Drops a schema and everything in it. */
export function dropSchema(pool: Pool, schema: string): Promise<void> {
  return alone(pool, schema, `drop schema ${escapeIdentifier(schema)} cascade`)
}

/** Deletes every book of a migrated schema, past its rules: a tenth of the time that another migration would take. */
export function emptySchema(pool: Pool, schema: string): Promise<void> {
  return alone(
    pool,
    schema,
    `do $$ declare ledger_table regclass; begin
       for ledger_table in select oid from pg_class where relkind = 'r' and relname not like 'ledger_migrations%'
         and relnamespace = '${escapeIdentifier(schema)}'::regnamespace
       loop
         execute format('alter table %s disable trigger user', ledger_table);
         execute format('delete from %s', ledger_table);
         execute format('alter table %s enable trigger user', ledger_table);
       end loop;
     end $$`,
  )
}
