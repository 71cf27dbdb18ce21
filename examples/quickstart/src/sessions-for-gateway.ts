import { type RefusedRow, readSessions, type Session } from './sessions-csv.js'

export interface SessionsForGateway {
  readonly sessions: readonly Session[]
  readonly refused: readonly RefusedRow[]
  /** Sessions in currencies that the gateway does not take, by currency. */
  readonly elsewhere: ReadonlyMap<string, number>
}

/** Reads the whole file, since it is not in order of time. */
export async function readForGateway(
  file: string,
  { now, takes }: { readonly now: number; readonly takes: (currency: string) => boolean },
): Promise<SessionsForGateway> {
  const sessions: Session[] = []
  const refused: RefusedRow[] = []
  const elsewhere = new Map<string, number>()
  for await (const block of readSessions(file, { now })) {
    for (const row of block) {
      if ('reason' in row) refused.push(row)
      else if (takes(row.amount.currency)) sessions.push(row)
      else elsewhere.set(row.amount.currency, (elsewhere.get(row.amount.currency) ?? 0) + 1)
    }
  }
  return { sessions, refused, elsewhere }
}
