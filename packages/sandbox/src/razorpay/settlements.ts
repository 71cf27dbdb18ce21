import { type Line, pockets } from './books.js'
import type { Desk } from './desk.js'
import type { Settlement, Transfer } from './records.js'
import { settlementEntity } from './settlement-entity.js'

/** Settles what is due at 09:00 in India each day, as long as the clock is advanced. */
export function settleDaily(desk: Desk): void {
  const day = 24 * 60 * 60_000
  const nineInIndia = 3.5 * 60 * 60_000
  const next = (after: number) => Math.floor((after - nineInIndia) / day + 1) * day + nineInIndia
  const schedule = (at: number) =>
    desk.at(at, () => {
      settleMerchant(desk, desk.settings.times.settleAfterMs)
      for (const { id } of desk.store.accounts.all()) settleLinked(desk, id, desk.settings.times.settleLinkedAfterMs)
      schedule(next(at))
    })
  schedule(next(desk.nowMs()))
}

/**
 * Pays the merchant's balance out to its bank: payments of that age, less whatever was taken since. Undefined when that is
 * nothing, or less.
 */
export function settleMerchant(desk: Desk, ageMs = 0): Settlement | undefined {
  const youngest = desk.seconds() - Math.floor(ageMs / 1000)
  const isDue = (line: Line) => line.settlementId === null && (line.type !== 'payment' || line.createdAt <= youngest)
  const due = desk.books.lines().filter(isDue)
  const sum = (of: (line: Line) => bigint) => due.reduce((total, line) => total + of(line), 0n)
  const amountMinor = sum((line) => line.creditMinor - line.debitMinor)
  if (amountMinor <= 0n) return undefined
  const settlement = newSettlement(desk, desk.settings.accountId, {
    amountMinor,
    feeMinor: sum((line) => line.feeMinor),
    taxMinor: sum((line) => line.taxMinor),
  })
  desk.books.settle(due, settlement)
  return tellSettled(desk, settlement)
}

/**
 * Pays out what a linked account has of transfers of that age that are not on hold. Undefined when that is nothing, or when
 * the account may not be paid.
 */
export function settleLinked(desk: Desk, accountId: string, ageMs = 0): Settlement | undefined {
  const account = desk.store.accounts.get(accountId)
  if (account.status !== 'activated') return undefined
  const youngest = desk.seconds() - Math.floor(ageMs / 1000)
  const isDue = ({ recipient, processedAt, onHold, settlementId }: Transfer) =>
    recipient === accountId && processedAt !== null && processedAt <= youngest && !onHold && settlementId === null
  const due = desk.store.transfers.where(isDue)
  const dueMinor = due.reduce((total, each) => total + each.amountMinor - each.amountReversedMinor, 0n)
  const pocket = pockets.linked(accountId)
  // A reversal of a transfer that was settled took money of another, so the account may have less than what is due.
  const heldMinor = desk.books.sheet.balance(pocket, 'INR')
  const amountMinor = heldMinor < dueMinor ? heldMinor : dueMinor
  if (amountMinor <= 0n) return undefined
  desk.books.move({ from: pocket, to: pockets.beneficiaries, amountMinor })
  const settlement = newSettlement(desk, accountId, { amountMinor, feeMinor: 0n, taxMinor: 0n })
  for (const transfer of due) transfer.settlementId = settlement.id
  return tellSettled(desk, settlement)
}

function newSettlement(
  desk: Desk,
  accountId: string,
  amounts: Pick<Settlement, 'amountMinor' | 'feeMinor' | 'taxMinor'>,
): Settlement {
  const [id, utr] = [desk.newId('settlements'), desk.newReference('AXISCN', 10)]
  return desk.store.settlements.add({ id, createdAt: desk.seconds(), accountId, ...amounts, utr })
}

function tellSettled(desk: Desk, settlement: Settlement): Settlement {
  desk.tell('settlement.processed', { settlement: settlementEntity(settlement) }, settlement.accountId)
  return settlement
}
