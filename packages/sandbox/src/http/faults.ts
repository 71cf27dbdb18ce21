export type GatewayName = 'razorpay' | 'paypal'

/** What goes wrong with a request. "After" means that the gateway did what was asked, and its answer got lost. */
export type Fault =
  /** The answer comes late, by real time. */
  | { readonly kind: 'latency'; readonly ms: number }
  | { readonly kind: 'resetBefore' }
  | { readonly kind: 'resetAfter' }
  | { readonly kind: 'rateLimited'; readonly retryAfterS: number }
  | { readonly kind: 'errorBefore'; readonly status: number }
  | { readonly kind: 'errorAfter'; readonly status: number }
  /** It was done, and the answer is a page of HTML with status 200. */
  | { readonly kind: 'unreadable' }

export interface FaultPlan {
  readonly gateway: GatewayName
  /** The name of an operation (`createRefund`), or `*` for any. */
  readonly operation: string
  readonly fault: Fault
  /** How many requests it strikes, 1 unless given. */
  readonly times?: number | undefined
}

export interface Faults {
  /** Plans for one operation strike in the order in which they were made. */
  plan(plan: FaultPlan): void
  /** Those that have not struck yet, with the times that are left. */
  pending(): FaultPlan[]
  clear(): void
  /** For the server: the fault that strikes this request, which is used up by it. */
  take(gateway: GatewayName, operation: string): Fault | undefined
}

/** Keeps what shall go wrong. */
export function createFaults(): Faults {
  let plans: (FaultPlan & { times: number })[] = []
  return {
    plan(plan) {
      const times = plan.times ?? 1
      checkPlan(plan, times)
      plans.push({ ...plan, times })
    },
    pending: () => plans.map((plan) => ({ ...plan })),
    clear() {
      plans = []
    },
    take(gateway, operation) {
      const plan = plans.find((each) => each.gateway === gateway && ['*', operation].includes(each.operation))
      if (!plan) return undefined
      plan.times -= 1
      if (plan.times === 0) plans = plans.filter((each) => each !== plan)
      return plan.fault
    },
  }
}

const kinds = ['latency', 'resetBefore', 'resetAfter', 'rateLimited', 'errorBefore', 'errorAfter', 'unreadable']

function checkPlan({ gateway, operation, fault }: FaultPlan, times: number): void {
  if (gateway !== 'razorpay' && gateway !== 'paypal') throw new RangeError(`There is no gateway ${gateway}.`)
  if (typeof operation !== 'string' || operation === '') throw new RangeError('A fault needs an operation, or *.')
  if (!kinds.includes(fault?.kind)) throw new RangeError(`A fault is one of ${kinds.join(', ')}.`)
  if (!Number.isSafeInteger(times) || times < 1) throw new RangeError('times must be a positive integer.')
}
