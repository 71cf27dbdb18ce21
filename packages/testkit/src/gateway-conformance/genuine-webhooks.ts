import { fail } from 'node:assert/strict'
import type { DeliveryHeaders, GatewayWebhooks } from 'escrow-ledger'
import { deepEqual, failsWith } from '../conformance/assertions.js'
import type { GatewayCases, GatewaySubject } from './gateway-case.js'
import type { GenuineDelivery } from './harness.js'

/** That genuine deliveries are told from all others, and say what to look at. */
export const genuineWebhooks: GatewayCases = {
  'webhooks: a genuine delivery names its subject': async (subject) => {
    const { webhooks, deliveries } = await delivered(subject)
    for (const { subject: expected, ...delivery } of deliveries) {
      const { type, body } = await webhooks.verify(delivery)
      const subjects = webhooks.subjectsOf({ type, body: throughJson(body) })
      const found = subjects.some(({ kind, reference }) => kind === expected.kind && reference === expected.reference)
      if (!found) fail(`${type} does not name ${expected.kind} ${expected.reference}: ${JSON.stringify(subjects)}`)
    }
  },

  'webhooks: a repeat is known by its keys': async (subject) => {
    const { webhooks, deliveries } = await delivered(subject)
    const keys: string[] = []
    for (const delivery of deliveries) {
      const [first, second] = [await webhooks.verify(delivery), await webhooks.verify(delivery)]
      deepEqual(second, first)
      if (first.dedupeKeys.some((key) => keys.includes(key))) fail(`two deliveries share ${first.dedupeKeys}`)
      keys.push(...first.dedupeKeys)
    }
  },

  'webhooks: one changed byte is refused, wherever it is': async (subject) => {
    const { webhooks, deliveries } = await delivered(subject)
    for (const { headers, rawBody } of deliveries) {
      for (const place of [0, Math.floor(rawBody.length / 2), rawBody.length - 1]) {
        const changed = Uint8Array.from(rawBody, (byte, index) => (index === place ? byte ^ 1 : byte))
        await failsWith(['not_authentic'], () => webhooks.verify({ headers, rawBody: changed }))
      }
    }
  },

  'webhooks: a delivery without headers is refused, and so is one with those of another': async (subject) => {
    const { webhooks, deliveries } = await delivered(subject)
    for (const [index, { rawBody }] of deliveries.entries()) {
      await failsWith(['not_authentic'], () => webhooks.verify({ headers: {}, rawBody }))
      const headers = headersOfAnother(deliveries, index)
      await failsWith(['not_authentic'], () => webhooks.verify({ headers, rawBody }))
    }
  },

  'webhooks: what is about nothing that is known has no subject': async (subject) => {
    const { webhooks } = await delivered(subject)
    for (const body of [undefined, null, 1, 'text', [], {}, { payload: {} }, { resource: {} }]) {
      deepEqual(webhooks.subjectsOf({ type: 'nothing.known', body }), [])
      deepEqual(webhooks.subjectsOf({ type: null, body }), [])
    }
  },
}

/** As the ledger keeps it until it is applied. */
const throughJson = (body: unknown): unknown => JSON.parse(JSON.stringify(body))

function headersOfAnother(deliveries: readonly GenuineDelivery[], index: number): DeliveryHeaders {
  const other = deliveries.find((delivery, at) => at !== index && !sameBytes(delivery, deliveries[index]))
  return other?.headers ?? fail('the harness gave fewer than two different deliveries')
}

const sameBytes = (one: GenuineDelivery, other: GenuineDelivery | undefined): boolean =>
  Buffer.compare(one.rawBody, other?.rawBody ?? new Uint8Array()) === 0

async function delivered({ harness }: GatewaySubject): Promise<{
  readonly webhooks: GatewayWebhooks
  readonly deliveries: readonly GenuineDelivery[]
}> {
  const { gateway, deliveries } = harness
  if (!gateway.webhooks || !deliveries) {
    throw new Error('This gateway gave no webhooks: skip the case, and say why there are none.')
  }
  return { webhooks: gateway.webhooks, deliveries: await deliveries() }
}
