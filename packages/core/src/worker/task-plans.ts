import type { BookLedger } from '../engine/book-ledger.js'
import type { DueFailure } from '../engine/due.js'
import type { Poll } from '../engine/poll-gateways.js'
import type { Plan } from './task.js'
import type { TaskName, WorkerOptions } from './worker.js'

const everyMs: Readonly<Record<TaskName, number>> = {
  inbox: 1_000,
  settle: 10_000,
  payouts: 600_000,
  dispatch: 2_000,
  statements: 900_000,
}

const DAY = 86_400_000
/** A worker that has just started looks so far back at what gateways did, since nobody may have asked them for weeks. */
const FIRST_BACK_MS = 35 * DAY
/** Then it looks back to when they last answered, and so much further, for what they tell late. */
const SPARE_MS = 7 * DAY

interface Planned {
  readonly book: string
  readonly now: () => number
  readonly options: WorkerOptions
  readonly pollsStatements: boolean
}

/** What a worker does for one book. */
export function taskPlans(
  ledger: BookLedger,
  { book, now, options, pollsStatements }: Planned,
): readonly Plan<TaskName>[] {
  const { payouts = [] } = options
  const actor = 'worker'
  const plan = (task: TaskName, run: Plan['run']): Plan<TaskName> => ({
    task,
    book,
    everyMs: options.everyMs?.[task] ?? everyMs[task],
    run,
  })
  let answeredAt: number | null = null
  const statements = plan('statements', async (signal) => {
    const askedAt = now()
    const backMs = answeredAt === null ? FIRST_BACK_MS : askedAt - answeredAt + SPARE_MS
    const poll = await ledger.movements.poll({ signal, backMs })
    const clawbacks = await ledger.clawbacks.poll({ signal, backMs })
    // What the others told is posted by now: the round fails so that the worker's health says who was silent.
    const silent = [...unansweredTexts(poll, 'settlements'), ...unansweredTexts(clawbacks, 'refunds and disputes')]
    if (silent.length > 0) throw new Error(silent.join('; '))
    if (!signal.aborted) answeredAt = askedAt
    return isNews(poll) || isNews(clawbacks) ? { ...poll, clawbacks } : null
  })
  return [
    plan('inbox', async (signal) => {
      const run = await ledger.webhooks.apply({ actor, signal })
      failOn(run)
      return run.looked > 0 ? run : null
    }),
    plan('settle', async (signal) => {
      const { settled, refusedCount } = await ledger.settlements.run({ actor, signal })
      return settled > 0 || refusedCount > 0 ? { settled, refused: refusedCount } : null
    }),
    ...payouts.map((each) =>
      plan('payouts', async (signal) => {
        const { requested, leftCount } = await ledger.payouts.run({ ...each, actor, signal })
        return requested > 0 ? { gateway: each.gateway, requested, left: leftCount } : null
      }),
    ),
    plan('dispatch', async (signal) => {
      const run = await ledger.instructions.dispatch({ actor, signal })
      failOn(run)
      return run.attempts > 0 ? run : null
    }),
    ...(pollsStatements ? [statements] : []),
  ]
}

/** Everything else is done by now: the round fails so that the worker's health says what went wrong. */
function failOn({ failures }: { readonly failures: readonly DueFailure[] }): void {
  const [first] = failures
  if (!first) return
  const others = failures.length > 1 ? `, and ${failures.length - 1} more went wrong` : ''
  throw new Error(`${first.id}: ${first.message}${others}`)
}

const isNews = ({ posted, contradicted }: Poll): boolean => posted > 0 || contradicted.length > 0

function unansweredTexts({ unanswered }: Poll, what: string): string[] {
  return unanswered.map(({ gateway, reason }) => `${gateway} told no ${what}: ${reason}`)
}
