import type { GatewayName } from '../http/faults.js'
import type { Scheduler } from '../world/clock.js'
import type { Webhook } from '../world/world.js'
import type { Channel, Delivery, DeliveryFault, DeliveryFaultPlan } from './delivery.js'
import { createDeliveryFaults } from './delivery-faults.js'
import { isReceiverAddress } from './receiver-address.js'
import { sendDelivery } from './send-delivery.js'

export interface Webhooks {
  /**
   * Where deliveries go, for one gateway or for both. Nothing leaves before this is said. Throws a `RangeError` for what is
   * no http or https address.
   */
  to(url: string, gateway?: GatewayName): void
  /**
   * `automatic` (the default): a delivery leaves as soon as there is an address for it, and again by the gateway's own
   * schedule while the receiver does not take it. `manual`: it waits for `deliver` or `deliverAll`.
   */
  mode(mode: 'automatic' | 'manual'): void
  /** Those that no receiver has taken, oldest first. A test may take `rawBody` and `headers()` itself. */
  pending(): Delivery[]
  all(): Delivery[]
  /** Sends one now, whatever became of it before, and says whether the receiver took it. */
  deliver(id: string): Promise<boolean>
  /** Sends all that are pending and due, oldest first or newest first, one after the other. */
  deliverAll(options?: { readonly order?: 'oldest first' | 'newest first' }): Promise<void>
  plan(plan: DeliveryFaultPlan): void
  /** Resolves when nothing is on its way. */
  idle(): Promise<void>
}

interface Held extends Delivery {
  attempts: number
  dueAt: number
  /** How often the next attempt sends it. */
  copies: number
  state: Delivery['state']
  readonly channel: Channel
}

/** Carries webhooks over real HTTP. */
export function createWebhooks(clock: Scheduler): Webhooks & { open(channel: Channel): (webhook: Webhook) => void } {
  const deliveries = new Map<string, Held>()
  const addresses = new Map<GatewayName, string>()
  const faults = createDeliveryFaults()
  const behind = new Map<GatewayName, Held>()
  let automatic = true
  let line: Promise<unknown> = Promise.resolve()

  const send = (held: Held): Promise<boolean> => inLine(() => attempt(held))

  function inLine<T>(task: () => Promise<T>): Promise<T> {
    const done = line.then(task)
    line = done.catch(() => {})
    return done
  }

  async function attempt(held: Held): Promise<boolean> {
    const url = addresses.get(held.gateway)
    if (url === undefined) return false
    let taken = false
    for (; held.copies > 0; held.copies -= 1) {
      const headers = held.headers()
      held.attempts += 1
      const { rawBody, channel } = held
      taken = (await sendDelivery({ url, rawBody, headers, timeoutMs: channel.timeoutMs })) || taken
    }
    held.copies = 1
    if (taken) held.state = 'delivered'
    else if (held.state === 'pending') retryLater(held)
    return taken
  }

  function retryLater(held: Held): void {
    const delay = held.channel.retryDelaysMs[held.attempts - 1]
    if (delay === undefined) held.state = 'given up'
    else clock.schedule(clock.now() + delay, () => leaveIfPending(held))
  }

  function leave(held: Held): void {
    if (automatic && addresses.has(held.gateway)) void send(held)
  }

  function leaveIfPending(held: Held): void {
    if (held.state === 'pending') leave(held)
  }

  function depart(held: Held, fault: DeliveryFault | undefined): void {
    const { gateway } = held
    if (fault?.kind === 'reorder' && !behind.has(gateway)) return void behind.set(gateway, held)
    if (fault?.kind === 'lose') held.state = 'lost'
    else if (fault?.kind === 'delay') {
      held.dueAt += fault.ms
      clock.schedule(held.dueAt, () => leaveIfPending(held))
    } else {
      if (fault?.kind === 'duplicate') held.copies = 2
      leave(held)
    }
    const waiting = behind.get(gateway)
    behind.delete(gateway)
    if (waiting) leaveIfPending(waiting)
  }

  const due = () => pending().filter(({ dueAt }) => dueAt <= clock.now())

  const pending = () => [...deliveries.values()].filter(({ state }) => state === 'pending')

  clock.onStep(() => inLine(async () => {}))
  return {
    to(url, gateway) {
      if (!isReceiverAddress(url)) throw new RangeError(`Webhooks go to an http or https address, not to '${url}'.`)
      for (const each of gateway ? [gateway] : (['razorpay', 'paypal'] as const)) addresses.set(each, url)
      for (const held of due()) if (held.attempts === 0) leave(held)
    },
    mode(mode) {
      automatic = mode === 'automatic'
    },
    pending: () => pending().map(tellDelivery),
    all: () => [...deliveries.values()].map(tellDelivery),
    async deliver(id) {
      const held = deliveries.get(id)
      if (!held) throw new RangeError(`There is no delivery ${id}.`)
      return send(held)
    },
    async deliverAll({ order = 'oldest first' } = {}) {
      const waiting = order === 'oldest first' ? due() : due().reverse()
      const late = new Set(behind.values())
      behind.clear()
      for (const held of [...waiting.filter((each) => !late.has(each)), ...waiting.filter((each) => late.has(each))]) {
        await send(held)
      }
    },
    plan: faults.plan,
    idle: () => inLine(async () => {}),
    open: (channel) => (webhook) => {
      const held = hold(webhook, channel, clock.now())
      deliveries.set(held.id, held)
      depart(held, faults.take(held))
    },
  }
}

/** As those outside may see it, as it is now. */
function tellDelivery({ channel: _channel, copies: _copies, ...delivery }: Held): Delivery {
  return delivery
}

function hold(webhook: Webhook, channel: Channel, createdAt: number): Held {
  const id = webhook.id ?? channel.newDeliveryId()
  const rawBody = JSON.stringify(webhook.body)
  const held: Held = {
    id,
    gateway: channel.gateway,
    event: webhook.event,
    rawBody,
    createdAt,
    dueAt: createdAt,
    copies: 1,
    attempts: 0,
    state: 'pending',
    channel,
    headers: () => channel.sign({ rawBody: Buffer.from(rawBody), id, attempt: held.attempts + 1 }),
  }
  return held
}
