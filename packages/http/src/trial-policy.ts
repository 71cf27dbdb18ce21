import { covers } from './covers.js'
import type { Policy } from './policy.js'
import { Problem } from './problem.js'

interface TrialOptions {
  /** The plan whose trial ends; `trial` unless it is given. */
  readonly plan?: string | undefined
  /** Operations that stay open, as ids or beginnings (`sessions.get`, `payouts.*`); none unless given. */
  readonly allow?: readonly string[] | undefined
}

/** Access ends when a trial does: 402 `trial_expired`. A trial that names no end has none. */
export function trialPolicy({ plan = 'trial', allow = [] }: TrialOptions = {}): Policy {
  return ({ principal, operation, now }) => {
    if (principal?.plan !== plan || principal.trialEndsAt === undefined || now < principal.trialEndsAt) return null
    if (allow.some((each) => covers(each, operation))) return null
    const ended = new Date(principal.trialEndsAt).toISOString()
    return new Problem(402, 'trial_expired', `The trial ended at ${ended}. Choose a plan to go on; nothing was lost.`)
  }
}
