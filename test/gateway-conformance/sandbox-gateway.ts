import type { Fault, GatewayName, LoggedExchange, Sandbox } from '@escrow-ledger/sandbox'
import type { GatewayFault } from '@escrow-ledger/testkit'

const onTheWire: Readonly<Record<GatewayFault, Fault>> = {
  'request lost': { kind: 'resetBefore' },
  'answer lost': { kind: 'resetAfter' },
  'error before': { kind: 'errorBefore', status: 503 },
  'error after': { kind: 'errorAfter', status: 500 },
  'too many requests': { kind: 'rateLimited', retryAfterS: 7 },
  'unreadable answer': { kind: 'unreadable' },
  // The call is ended as soon as the sandbox has taken it, so that this only has to be longer than that takes.
  'late answer': { kind: 'latency', ms: 2_000 },
}

/** What the harnesses of both gateways have in common, since both stand in the sandbox. */
export function sandboxGateway(sandbox: Sandbox, gateway: GatewayName) {
  const { url } = sandbox[gateway]
  return {
    now: sandbox.clock.now,
    pass: (ms: number) => sandbox.clock.advance(ms),
    /** Strikes an operation of the sandbox, or any where it is none. */
    plan: (fault: GatewayFault, operation = '*') =>
      sandbox.faults.plan({ gateway, operation, fault: onTheWire[fault] }),
    pendingFaults: () => sandbox.faults.pending().length,
    /** Everything that passed. */
    passed: (): LoggedExchange[] => sandbox.log.all().filter((each) => each.gateway === gateway),
    /** Requests of calls: not for access to the API, nor for what a webhook is verified with. */
    requests: () =>
      sandbox.log
        .all()
        .filter((each) => each.gateway === gateway && !['getToken', 'getCertificate'].includes(each.operation ?? ''))
        .map(({ method, url: path }) => ({ method, path })),
    /** What the gateway holds, in its own words. */
    async records<Row>(list: string): Promise<readonly Row[]> {
      const answer = await fetch(`${url}/sandbox/state/${gateway}`)
      const lists = (await answer.json()) as Readonly<Record<string, readonly Row[] | undefined>>
      return lists[list] ?? missing(list)
    },
    /** Deliveries about these things, by the events that tell of them. */
    deliveries: (told: Readonly<Record<string, { readonly kind: Told; readonly reference: string }>>) =>
      sandbox.webhooks.all().flatMap((delivery) => {
        const subject = delivery.gateway === gateway ? told[delivery.event] : undefined
        if (subject === undefined) return []
        return [{ headers: delivery.headers(), rawBody: Buffer.from(delivery.rawBody), subject }]
      }),
  }
}

type Told = 'order' | 'payment' | 'refund' | 'payout'

function missing(list: string): never {
  throw new Error(`The sandbox keeps no ${list}.`)
}

/** Everything that passed without a fault of the sandbox's own. */
export function withoutBugs(passed: readonly LoggedExchange[]): readonly LoggedExchange[] {
  const bug = passed.find((each) => each.bug !== undefined)?.bug
  if (bug !== undefined) throw new Error(`The sandbox has a fault of its own: ${bug}`)
  return passed
}
