import type { GatewayName } from '../http/faults.js'
import type { DeliveryFault, DeliveryFaultPlan } from './delivery.js'

const kinds = ['duplicate', 'delay', 'reorder', 'lose']

/** Keeps what shall go wrong with deliveries. Plans strike in the order in which they were made. */
export function createDeliveryFaults() {
  let plans: (DeliveryFaultPlan & { times: number })[] = []
  return {
    plan(plan: DeliveryFaultPlan): void {
      if (!kinds.includes(plan.fault?.kind)) throw new RangeError(`A fault is one of ${kinds.join(', ')}.`)
      const times = plan.times ?? 1
      if (!Number.isSafeInteger(times) || times < 1) throw new RangeError('times must be a positive integer.')
      plans.push({ ...plan, times })
    },
    take(delivery: { readonly gateway: GatewayName; readonly event: string }): DeliveryFault | undefined {
      const plan = plans.find(
        ({ gateway = delivery.gateway, event = delivery.event }) =>
          gateway === delivery.gateway && event === delivery.event,
      )
      if (!plan) return undefined
      plan.times -= 1
      if (plan.times === 0) plans = plans.filter((each) => each !== plan)
      return plan.fault
    },
  }
}
