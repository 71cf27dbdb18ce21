import type { AccountPage } from 'escrow-ledger'
import type { Knex } from 'knex'
import type { BookNumber, Dialect } from './dialect.js'
import { accounts } from './journal-tables.js'

/** Accounts by (code, currency), before their columns are chosen. */
export function accountPageQuery(
  { knex, nameOf, endsWith }: Dialect,
  { book, page }: { book: BookNumber; page: AccountPage },
): Knex.QueryBuilder {
  const query = knex(nameOf(accounts)).where('book', book)
  if (page.prefix) {
    query.where('code', '>=', page.prefix)
    const end = afterPrefix(page.prefix)
    if (end !== null) query.where('code', '<', end)
  }
  if (page.suffix) query.whereRaw(endsWith, ['code', page.suffix, page.suffix])
  if (page.currency !== undefined) query.where('currency', page.currency)
  if (page.type !== undefined) query.where('type', page.type)
  if (page.after) query.whereRaw('(code, currency) > (?, ?)', [page.after.code, page.after.currency])
  return query.orderBy(['code', 'currency']).limit(page.limit)
}

const LAST_CODE_POINT = 0x10ffff

/** The first text, by bytes, after all those that start so; null where there is none. */
export function afterPrefix(prefix: string): string | null {
  const points = [...prefix]
  while (points.length > 0) {
    const last = points.pop()?.codePointAt(0) as number
    if (last === LAST_CODE_POINT) continue
    // Surrogates are not characters: the one after U+D7FF is U+E000.
    return points.join('') + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1)
  }
  return null
}
