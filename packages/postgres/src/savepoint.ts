import type { PostgresClient } from './client.js'
import { isAway } from './errors.js'

/** A part of the host's transaction that can be taken back without the rest. */
export interface Savepoint {
  /** Whether each statement sees what others have committed meanwhile. */
  readonly seesCommits: boolean
  /** Takes back what was done since it began, gives up the locks, and ends it. */
  undo(): Promise<void>
}

const NAME = 'ledger_call'

/** The host's settings that hold differently inside. */
const settings = ['lock_timeout', 'enable_seqscan'] as const

const kept = [...settings, 'transaction_isolation'] as const

/** One round trip: the savepoint, what the host's settings are, and then our own. */
function beginning(lockTimeoutMs: number): string {
  const before = kept.map((name) => `current_setting('${name}') AS ${name}`).join(', ')
  // The limit keeps the subquery a step of its own, which is done before anything is set.
  return `SAVEPOINT ${NAME}; SELECT ${kept.join(', ')}, set_config('lock_timeout', '${lockTimeoutMs}ms', true),
    set_config('enable_seqscan', 'off', true) FROM (SELECT ${before} OFFSET 0) AS before`
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

/**
 * Does something inside a savepoint of the host's transaction, under our own settings. Afterwards the host's hold again:
 * what is set for a transaction outlives the savepoint in which it was set, unless that is taken back.
 */
export async function inSavepoint<Result>(
  client: PostgresClient,
  { lockTimeoutMs }: { lockTimeoutMs: number },
  use: (savepoint: Savepoint) => Promise<Result>,
): Promise<Result> {
  // pg answers several statements in one text with a list.
  const answers = (await client.query(beginning(lockTimeoutMs))) as unknown as readonly { readonly rows: unknown[] }[]
  const before = answers[1]?.rows[0] as Readonly<Record<(typeof kept)[number], string>>
  let open = true

  async function undo(): Promise<void> {
    if (!open) return
    open = false
    await client.query(`ROLLBACK TO SAVEPOINT ${NAME}; RELEASE SAVEPOINT ${NAME}`)
  }

  try {
    const isolation = before.transaction_isolation
    const seesCommits = isolation === 'read committed' || isolation === 'read uncommitted'
    const result = await use({ seesCommits, undo })
    const restoring = settings.map((name) => `SET LOCAL ${name} = ${literal(before[name])}`)
    if (open) await client.query([...restoring, `RELEASE SAVEPOINT ${NAME}`].join('; '))
    return result
  } catch (error) {
    // On a connection that is gone there is nothing to take back: the server does it.
    if (!isAway(error)) await undo().catch(() => {})
    throw error
  }
}
