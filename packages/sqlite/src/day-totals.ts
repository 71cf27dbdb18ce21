import { dayTotals } from '@escrow-ledger/sql'
import { accountRefOf, type DayChanges } from 'escrow-ledger'
import { knownAccount } from './accounts.js'
import type { Unit } from './unit.js'

const addFrom = `UPDATE ${dayTotals.name} SET debits = debits + ?, credits = credits + ?
  WHERE book = ? AND account = ? AND day >= ?`
const close = `INSERT INTO ${dayTotals.name} (book, account, day, debits, credits) VALUES (?, ?, ?, ?, ?)`
const exists = `SELECT 1 FROM ${dayTotals.name} WHERE book = ? AND account = ? AND day = ?`
const before = `SELECT debits, credits FROM ${dayTotals.name}
  WHERE book = ? AND account = ? AND day < ? ORDER BY day DESC LIMIT 1`

/** Applies the changes in the order that `DayChanges` asks for. */
export function writeDays(unit: Unit, book: number, { closes, backdates }: DayChanges): void {
  const { statements } = unit
  const numberOf = (key: string) => knownAccount(unit, accountRefOf(key)).number
  for (const { account, day, debits, credits } of backdates) {
    statements.write(addFrom).run(debits, credits, book, numberOf(account), day)
  }
  for (const { account, day, debits, credits } of closes) {
    statements.write(close).run(book, numberOf(account), day, debits, credits)
  }
  for (const { account, day, debits, credits } of backdates) {
    const number = numberOf(account)
    if (statements.read(exists).get(book, number, day)) continue
    const [debitsBefore, creditsBefore] = statements.read(before).get(book, number, day) ?? [0n, 0n]
    const total = [(debitsBefore as bigint) + debits, (creditsBefore as bigint) + credits] as const
    statements.write(close).run(book, number, day, ...total)
  }
}
