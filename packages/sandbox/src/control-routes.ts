import type { ControlRequest, ControlRoute } from './http/control.js'
import type { FaultPlan, Faults, GatewayName } from './http/faults.js'
import type { RequestLog } from './http/request-log.js'
import type { Button } from './page/button.js'
import { page } from './page/page.js'
import type { DeliveryFaultPlan } from './webhooks/delivery.js'
import type { Webhooks } from './webhooks/webhooks.js'
import type { SandboxClock } from './world/clock.js'

/** What a person does at a gateway, by name, with input as JSON has it: amounts are decimal texts of minor units. */
export type Acts = Readonly<Record<string, (input: Readonly<Record<string, unknown>>) => unknown>>

/** A gateway as those who control it see it. */
export interface ControlledGateway {
  readonly acts: Acts
  balances(): unknown
  /** What it holds, as lists of records by name, for the page and for those who look on. */
  state(): unknown
  /** What a person can do on the page. */
  readonly buttons?: readonly Button[]
}

interface Setup {
  readonly clock: SandboxClock
  readonly faults: Faults
  readonly log: RequestLog
  readonly webhooks: Webhooks
  readonly gateways: Readonly<Partial<Record<GatewayName, ControlledGateway>>>
}

/** The clock, the faults, the webhooks and the acts of people, over HTTP, for tests in another process and for the page. */
export function controlRoutes(setup: Setup): ControlRoute[] {
  return [...clockRoutes(setup), ...faultRoutes(setup), ...webhookRoutes(setup), ...gatewayRoutes(setup)]
}

const clockRoutes = ({ clock }: Setup): ControlRoute[] => [
  { method: 'GET', path: '/sandbox/clock', handle: () => ({ now: clock.now() }) },
  {
    method: 'POST',
    path: '/sandbox/clock',
    async handle({ input }) {
      await clock.advance(input.advanceMs as number)
      return { now: clock.now() }
    },
  },
]

const faultRoutes = ({ faults, log }: Setup): ControlRoute[] => [
  { method: 'GET', path: '/sandbox/faults', handle: () => faults.pending() },
  { method: 'POST', path: '/sandbox/faults', handle: ({ input }) => faults.plan(input as unknown as FaultPlan) },
  { method: 'DELETE', path: '/sandbox/faults', handle: () => faults.clear() },
  { method: 'GET', path: '/sandbox/log', handle: () => log.all() },
  { method: 'DELETE', path: '/sandbox/log', handle: () => log.clear() },
]

const webhookRoutes = ({ webhooks }: Setup): ControlRoute[] => [
  {
    method: 'GET',
    path: '/sandbox/webhooks',
    handle: () => webhooks.all().map((delivery) => ({ ...delivery, headers: delivery.headers() })),
  },
  {
    method: 'POST',
    path: '/sandbox/webhooks',
    handle({ input: { url, gateway, mode } }) {
      if (mode !== undefined) webhooks.mode(mode as 'automatic' | 'manual')
      if (url !== undefined) webhooks.to(url as string, gateway as GatewayName | undefined)
    },
  },
  {
    method: 'POST',
    path: '/sandbox/webhooks/deliver',
    handle: ({ input }) => webhooks.deliverAll(input as Parameters<Webhooks['deliverAll']>[0]),
  },
  {
    method: 'POST',
    path: '/sandbox/webhooks/:id/deliver',
    handle: async ({ params }) => ({ taken: await webhooks.deliver(params.id ?? '') }),
  },
  {
    method: 'POST',
    path: '/sandbox/webhooks/faults',
    handle: ({ input }) => webhooks.plan(input as unknown as DeliveryFaultPlan),
  },
]

const gatewayRoutes = ({ gateways }: Setup): ControlRoute[] => [
  {
    method: 'GET',
    path: '/sandbox/:gateway',
    handle: ({ params }) => page(nameOf(params), gatewayOf(gateways, params).buttons ?? []),
  },
  {
    method: 'GET',
    path: '/sandbox/balances/:gateway',
    handle: ({ params }) => gatewayOf(gateways, params).balances(),
  },
  { method: 'GET', path: '/sandbox/state/:gateway', handle: ({ params }) => gatewayOf(gateways, params).state() },
  {
    method: 'POST',
    path: '/sandbox/acts/:gateway/:act',
    handle({ params, input }) {
      const { acts } = gatewayOf(gateways, params)
      const act = Object.hasOwn(acts, params.act ?? '') ? acts[params.act ?? ''] : undefined
      if (!act) throw new RangeError(`There is no act ${params.act}; there are ${Object.keys(acts).join(', ')}.`)
      return act(input)
    },
  },
]

function gatewayOf(gateways: Setup['gateways'], params: ControlRequest['params']): ControlledGateway {
  const gateway = gateways[nameOf(params)]
  if (!gateway) throw new RangeError(`The sandbox has no ${params.gateway}.`)
  return gateway
}

function nameOf({ gateway }: ControlRequest['params']): GatewayName {
  if (gateway === 'razorpay' || gateway === 'paypal') return gateway
  throw new RangeError(`There is no gateway ${gateway}.`)
}
