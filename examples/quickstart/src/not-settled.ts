import type { Ledger, SettlementRun } from 'escrow-ledger'

export interface NotSettled {
  readonly session: string
  readonly reason: string
}

/** What is due and was not released, refused by this run or by an earlier one: runs try such a session again after a while. */
export async function* notSettled(
  ledger: Ledger,
  { asOf, run }: { asOf: number; run?: SettlementRun | undefined },
): AsyncGenerator<NotSettled> {
  const messages = new Map(run?.refused.map(({ escrow, message }) => [escrow, message]))
  const { escrows } = await ledger.settlements.due({ asOf })
  for await (const { id, failedAttempt } of escrows) {
    yield { session: id, reason: messages.get(id) ?? failedAttempt?.code ?? 'nobody tried' }
  }
}
