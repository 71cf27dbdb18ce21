import type { Escrow } from '../escrow/escrow.js'
import type { BookContext } from './context.js'
import { CallFailure } from './gateway-line.js'

interface Sought {
  readonly gateway: string
  readonly escrow: string
  /** What the gateway calls the account that it gave the money to. */
  readonly account: string
}

/**
 * Who of an escrow's parties has this account at the gateway, by what its adapter's `destinationOf` says of their transfers.
 * Throws `CallFailure` where nobody has: what is told of the payment is then told again, when that may be known.
 */
export async function payeeOfAccount(
  { reads, book, lines }: BookContext,
  { gateway, escrow, account }: Sought,
): Promise<string> {
  const line = lines.get(gateway)
  const deal = (await reads.record(book, 'escrows', escrow)) as Escrow | null
  for (const party of new Set(Object.values(deal?.parties ?? {}))) {
    const found = await line?.inTime(async () => line.gateway.destinationOf?.(party, 'transfer'))
    if (found === account) return party
  }
  const reason = `${gateway} has paid the account ${account}, which destinationOf names for no party of escrow ${escrow}`
  throw new CallFailure(reason, [], false, {})
}
