import type { CapturedRow } from './captured-rows.js'
import type { Column, Table } from './tables.js'

export interface Statement {
  readonly text: string
  readonly values: readonly (string | null)[]
}

/** Rows that were written together. */
interface Written {
  readonly table: Table
  readonly rows: readonly CapturedRow[]
}

/**
 * The statements of one transaction each, as somebody would write them by hand: the keys are looked up, the rows that
 * change are locked in the order of their keys, new rows are inserted with one statement a table, and each row that
 * changes is updated.
 */
export function transactionsOf(rows: readonly CapturedRow[]): Statement[][] {
  return groups(rows, ({ transaction }) => transaction).map((together) => {
    const added = byTable(together.filter(({ inserted }) => inserted))
    const changed = byTable(together.filter(({ inserted }) => !inserted))
    return [
      bare('BEGIN'),
      ...added.filter(({ table }) => table.name === 'ledger_idempotency_keys').map((keys) => select(keys, '')),
      ...changed.map((written) => select(written, 'FOR UPDATE')),
      ...added.map(insert),
      ...changed.flatMap(({ table, rows: own }) => own.map((row) => update(table, row))),
      bare('COMMIT'),
    ]
  })
}

const bare = (text: string): Statement => ({ text, values: [] })

function byTable(rows: readonly CapturedRow[]): Written[] {
  return groups(rows, ({ table }) => table).map((own) => ({ table: own[0]?.table as Table, rows: own }))
}

function groups<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Item[][] {
  const found = new Map<Key, Item[]>()
  for (const item of items) {
    const group = found.get(keyOf(item))
    if (group) group.push(item)
    else found.set(keyOf(item), [item])
  }
  return [...found.values()]
}

/** Writes values as parameters, and keeps them in their order. */
function createParameters() {
  const values: (string | null)[] = []
  return {
    values,
    add(value: string | null): string {
      values.push(value)
      return `$${values.length}`
    },
  }
}

function select({ table, rows }: Written, lock: string): Statement {
  const { values, add } = createParameters()
  const key = namesOf(table.columns.filter(({ inPrimaryKey }) => inPrimaryKey))
  const tuples = rows.map((row) => `(${keyOf(table, row).map(add).join(', ')})`)
  const text = `SELECT * FROM ${table.name} WHERE (${key}) IN (${tuples.join(', ')}) ORDER BY ${key} ${lock}`
  return { text, values }
}

function insert({ table, rows }: Written): Statement {
  const { values, add } = createParameters()
  const tuples = rows.map((row) => `(${row.values.map(add).join(', ')})`)
  return { text: `INSERT INTO ${table.name} (${namesOf(table.columns)}) VALUES ${tuples.join(', ')}`, values }
}

function update(table: Table, row: CapturedRow): Statement {
  const { values, add } = createParameters()
  const assign = ({ name }: Column, nth: number) => `"${name}" = ${add(row.values[nth] ?? null)}`
  const pairs = table.columns.map((column, nth) => ({ column, nth }))
  const changes = pairs.filter(({ column }) => !column.inPrimaryKey).map(({ column, nth }) => assign(column, nth))
  const key = pairs.filter(({ column }) => column.inPrimaryKey).map(({ column, nth }) => assign(column, nth))
  return { text: `UPDATE ${table.name} SET ${changes.join(', ')} WHERE ${key.join(' AND ')}`, values }
}

function keyOf({ columns }: Table, row: CapturedRow): (string | null)[] {
  return row.values.filter((_, nth) => columns[nth]?.inPrimaryKey)
}

function namesOf(columns: readonly Column[]): string {
  return columns.map(({ name }) => `"${name}"`).join(', ')
}
