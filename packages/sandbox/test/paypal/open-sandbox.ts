import { afterEach, expect } from 'vitest'
import { checkPayPalExchange } from '../../../../test/contracts/paypal-contracts.js'
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/index.js'
import { createCaller } from './caller.js'

const opened: Sandbox[] = []

/**
 * A sandbox that is closed after the test, when everything that went over its wire is held against PayPal's documents, and
 * no operation may have had a mistake of its own.
 */
export async function openSandbox(paypal: SandboxOptions['paypal'] = {}, others: SandboxOptions = {}) {
  const sandbox = await createSandbox({ ...others, paypal })
  opened.push(sandbox)
  return { sandbox, paypal: sandbox.paypal, call: createCaller(sandbox), log: () => sandbox.log.all() }
}

afterEach(async () => {
  for (const sandbox of opened.splice(0)) {
    await sandbox.close()
    const exchanges = sandbox.log.all().filter(({ gateway }) => gateway === 'paypal')
    expect(exchanges.map(({ bug }) => bug).filter(Boolean)).toEqual([])
    const faults = exchanges.flatMap((exchange) =>
      (checkPayPalExchange(exchange) ?? []).map((fault) => `${exchange.method} ${exchange.url}: ${fault}`),
    )
    expect(faults).toEqual([])
  }
})

export const usd = (value: string) => ({ currency_code: 'USD', value })
export const HOUR = 3_600_000
export const DAY = 24 * HOUR

export const orderOf = (value: string, unit: object = {}, intent = 'CAPTURE') => ({
  intent,
  purchase_units: [{ amount: usd(value), ...unit }],
})

export const whole = { prefer: 'return=representation' }

/** Creates an order, has the payer approve it, and captures it; the answer is the capture. */
export async function payFor(
  { paypal, call }: Awaited<ReturnType<typeof openSandbox>>,
  value: string,
  { unit = {}, ...options }: Parameters<Sandbox['paypal']['approve']>[1] & { unit?: object } = {},
) {
  const order = await call('POST', '/v2/checkout/orders', orderOf(value, unit))
  paypal.approve(order.body.id, options)
  const paid = await call('POST', `/v2/checkout/orders/${order.body.id}/capture`, {}, whole)
  return { orderId: order.body.id as string, capture: paid.body.purchase_units[0].payments.captures[0] }
}
