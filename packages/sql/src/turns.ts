/** What was asked of a connection last; connections that are gone take their entry with them. */
const latest = new WeakMap<object, Promise<unknown>>()

/**
 * Lets whatever uses the host's connection have it alone, one after another in the order in which it was asked for. Kept
 * by the connection and not by the storage: two ledgers may work in one transaction, and their savepoints must nest.
 */
export function inTurn<Result>(connection: object, use: () => Promise<Result>): Promise<Result> {
  const before = latest.get(connection) ?? Promise.resolve()
  const running = before.then(use)
  latest.set(
    connection,
    running.catch(() => {}),
  )
  return running
}
