import type { Account } from '../../accounts/account.js'
import { chartRule, idInCode } from '../../accounts/chart.js'
import type { Escrow } from '../../escrow/escrow.js'
import { createJudge } from './deviations.js'
import { problemWith } from './unreadable.js'
import type { Verification } from './verification.js'

/**
 * Every account of an escrow that was ever moved belongs to an escrow that is there, in its currency; and only disputes
 * move a frozen account. Both came with the escrow, which is read after them.
 */
export async function checkEscrowAccounts(verification: Verification, accounts: readonly Account[]): Promise<void> {
  const moved = accounts.filter(({ version }) => version > 0)
  const patternOf = ({ code }: Account) => chartRule(code)?.pattern
  await checkEscrowsExist(
    verification,
    moved.filter((account) => patternOf(account) === 'escrow:*'),
  )
  for (const account of moved) if (patternOf(account) === 'escrow:*:frozen') await checkFrozen(verification, account)
}

async function checkEscrowsExist(verification: Verification, accounts: readonly Account[]): Promise<void> {
  const { reads, book } = verification
  const [first] = accounts
  if (!first) return
  const { currency } = first
  // Counting is quicker than reading them, and says whether anything is missing at all.
  const where = { id: accounts.map(({ code }) => idInCode(code)), currency }
  const counts = await reads.sum(book, { kind: 'escrows', where }, 'amountMinor')
  if (counts[0]?.count === accounts.length) return
  for (const account of accounts) {
    const escrow = await escrowOf(verification, account)
    if (escrow !== 'unreadable' && escrow?.currency !== currency) reportMissing(verification, account)
  }
}

async function checkFrozen(verification: Verification, account: Account): Promise<void> {
  const { code, currency } = account
  const escrow = await escrowOf(verification, account)
  if (escrow === 'unreadable') return
  if (escrow?.currency !== currency) return reportMissing(verification, account)
  const judge = createJudge({ escrow: escrow.id, account: { code, currency } })
  const message = `Account ${code} was moved, and the escrow never had a dispute.`
  if (escrow.disputes?.length === 0) judge.finds('escrow_frozen_differs', message)
  verification.report(judge.found)
}

/** One that cannot be read is there, and found where the escrows are judged. */
async function escrowOf({ reads, book }: Verification, { code }: Account): Promise<Escrow | 'unreadable' | null> {
  try {
    return (await reads.record(book, 'escrows', idInCode(code))) as Escrow | null
  } catch (error) {
    problemWith(error)
    return 'unreadable'
  }
}

function reportMissing({ report }: Verification, { code, currency }: Account): void {
  const judge = createJudge({ escrow: idInCode(code), account: { code, currency } })
  judge.finds('escrow_missing', `Account ${code} was moved in ${currency}, and there is no such escrow.`)
  report(judge.found)
}
