import type { Workload } from '../workload.js'
import { balanceAsOf } from './balance-as-of.js'
import { escrowLife } from './escrow-life.js'
import { post, postByMany, postByOne, postHot } from './post.js'
import { settleRun } from './settle-run.js'
import { statementPage } from './statement-page.js'
import { verify } from './verify.js'

/** By the name that the user gives; some are measured in several ways. */
export const workloads: Readonly<Record<string, readonly Workload[]>> = {
  post: [post, postByMany, postByOne],
  'post-hot': [postHot],
  'escrow-life': [escrowLife],
  'settle-run': [settleRun],
  'balance-as-of': [balanceAsOf],
  'statement-page': [statementPage],
  verify: [verify],
}

export function workloadNamed(name: string): Workload {
  const found = Object.values(workloads)
    .flat()
    .find((workload) => workload.name === name)
  if (found) return found
  throw new Error(`There is no workload ${name}.`)
}
