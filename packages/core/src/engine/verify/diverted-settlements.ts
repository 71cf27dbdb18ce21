import type { AccountRef } from '../../accounts/account.js'
import type { Entry } from '../../journal/entry.js'
import { type SuspenseItem, suspenseItems } from '../../payments/suspense.js'
import { type Movement, movementKey } from '../../reconciliation/movement.js'
import { pagesOf } from './record-pages.js'
import type { Verification } from './verification.js'

/**
 * What an account of settlements in transit holds more than its open settlements say, or less: settlements are facts, so
 * when the account was frozen or closed to one, its line went to suspense.
 */
export async function divertedSettlements(
  verification: Verification,
  { code, currency }: AccountRef,
  gateway: string,
): Promise<bigint> {
  const { reads, book, pageSize: limit } = verification
  let sum = 0n
  const seen = new Set<string>()
  const query = { kind: 'suspense', where: { gateway, currency }, order: [], limit } as const
  for await (const item of pagesOf<SuspenseItem>({ reads, book }, query, suspenseItems.keyOf)) {
    if (seen.has(item.entry)) continue
    seen.add(item.entry)
    const [entry] = await reads.entries(book, [item.entry])
    if (!entry || entry.postings.some((posting) => posting.code === code)) continue
    sum += await missingOf(verification, entry, gateway)
  }
  return sum
}

/** What an entry that does not touch the account would have put into it, with the sign turned. */
async function missingOf({ reads, book }: Verification, entry: Entry, gateway: string): Promise<bigint> {
  const find = async (kind: 'settlement' | 'credit') => {
    const key = movementKey(kind, gateway, entry.reference ?? '')
    return (await reads.record(book, 'movements', key)) as Movement | null
  }
  switch (entry.kind) {
    case 'settlement':
      return -((await find('settlement'))?.amountMinor ?? 0n)
    case 'settlement_failed':
    case 'credit_matched':
      return (await find('settlement'))?.amountMinor ?? 0n
    case 'bank_credit': {
      // A credit that nothing explained was never to leave the account.
      const credit = await find('credit')
      return credit?.state === 'done' && credit.lastEntry === entry.id ? credit.amountMinor : 0n
    }
    default:
      return 0n
  }
}
