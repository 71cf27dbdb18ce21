import { type ControlledGateway, controlRoutes } from './control-routes.js'
import { createControl } from './http/control.js'
import type { GatewayApi } from './http/exchange.js'
import { createFaults, type Faults, type GatewayName } from './http/faults.js'
import { type GatewayServer, startGatewayServer } from './http/gateway-server.js'
import { createRequestLog, type RequestLog } from './http/request-log.js'
import { createPayPal, createPayPalSigner, type PayPalSandbox } from './paypal/paypal.js'
import type { PayPalOptions } from './paypal/settings.js'
import { createRazorpay, type RazorpaySandbox, razorpayChannel } from './razorpay/razorpay.js'
import type { RazorpayOptions } from './razorpay/settings.js'
import type { Channel } from './webhooks/delivery.js'
import { createWebhooks, type Webhooks } from './webhooks/webhooks.js'
import { createClock, type SandboxClock, type Scheduler } from './world/clock.js'
import { createIds } from './world/seeded-ids.js'
import type { World } from './world/world.js'

export interface SandboxOptions {
  /** When its clock starts, in milliseconds since 1970; 2026-11-02 00:00 UTC unless given. */
  readonly clock?: { readonly startAt: number } | undefined
  /** Ids are the same in every run with the same seed. */
  readonly seed?: string | number | undefined
  /** 0, the default, takes any free port. */
  readonly port?: 0 | { readonly razorpay: number; readonly paypal: number } | undefined
  readonly razorpay?: RazorpayOptions | undefined
  readonly paypal?: PayPalOptions | undefined
}

export interface Sandbox {
  readonly razorpay: RazorpaySandbox & { readonly url: string }
  readonly paypal: PayPalSandbox & { readonly url: string }
  readonly clock: SandboxClock
  readonly faults: Faults
  readonly webhooks: Webhooks
  readonly log: RequestLog
  close(): Promise<void>
}

const startOfClock = Date.UTC(2026, 10, 2)

/** Starts servers that stand in for the gateways, on this machine only. Nothing they hold outlives them. */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const clock = createClock(options.clock?.startAt ?? startOfClock)
  const [faults, log, webhooks] = [createFaults(), createRequestLog(), createWebhooks(clock)]
  const settle = (channel: Channel) => ({
    ...worldOf(clock, options.seed, channel.gateway),
    deliver: webhooks.open(channel),
  })

  const razorpayIds = createIds(`${options.seed ?? ''}:razorpay:deliveries`)
  const razorpay = createRazorpay(settle(razorpayChannel(options.razorpay ?? {}, razorpayIds)), options.razorpay ?? {})

  const signer = createPayPalSigner(options.paypal ?? {}, clock.now)
  let paypalUrl = ''
  const paypal = createPayPal(settle(signer.channel), options.paypal ?? {}, {
    signer,
    url: () => paypalUrl,
    deliverTo: (url) => webhooks.to(url, 'paypal'),
  })

  const gateways: Record<GatewayName, ControlledGateway> = { razorpay: razorpay.controlled, paypal: paypal.controlled }
  const control = createControl(controlRoutes({ clock, faults, log, webhooks, gateways }))
  const start = (api: GatewayApi, port: number) =>
    startGatewayServer({ api, port, faults, log, control, now: clock.now })
  const port = (gateway: GatewayName) => (options.port ? options.port[gateway] : 0)

  const servers: GatewayServer[] = []
  try {
    const razorpayServer = await start(razorpay.api, port('razorpay'))
    servers.push(razorpayServer)
    const paypalServer = await start(paypal.api, port('paypal'))
    servers.push(paypalServer)
    paypalUrl = paypalServer.url
    let closing: Promise<void> | undefined
    return {
      razorpay: { ...razorpay.face, url: razorpayServer.url },
      paypal: { ...paypal.face, url: paypalUrl },
      clock,
      faults,
      webhooks,
      log,
      close() {
        closing ??= closeAll(servers)
        return closing
      },
    }
  } catch (error) {
    await closeAll(servers)
    throw error
  }
}

const worldOf = (clock: Scheduler, seed: SandboxOptions['seed'], gateway: GatewayName): Omit<World, 'deliver'> => ({
  clock,
  newId: createIds(`${seed ?? ''}:${gateway}`),
  schedule: (at, what) => clock.schedule(at, what),
})

const closeAll = async (servers: readonly GatewayServer[]): Promise<void> => {
  await Promise.all(servers.map((server) => server.close()))
}
