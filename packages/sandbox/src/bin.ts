#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { createSandbox } from './sandbox.js'

const help = `Starts servers on this machine that stand in for Razorpay and PayPal.

  escrow-ledger-sandbox [options]

  --razorpay-port N   the port of Razorpay, 4010 unless given; 0 takes any
  --paypal-port N     the port of PayPal, 4011 unless given; 0 takes any
  --webhooks URL      where webhooks are delivered
  --clock real|manual whether time passes by itself (real, the default) or only on the page and by /sandbox/clock
  --seed TEXT         ids are the same in every run with the same seed
  --help              this text
`

const { values } = parseArgs({
  options: {
    'razorpay-port': { type: 'string', default: '4010' },
    'paypal-port': { type: 'string', default: '4011' },
    webhooks: { type: 'string' },
    clock: { type: 'string', default: 'real' },
    seed: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

/** Lets the sandbox's clock go with the real one. */
function followTime(advance: (ms: number) => Promise<void>): void {
  let last = Date.now()
  setInterval(() => {
    const now = Date.now()
    advance(Math.max(0, now - last)).catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
      process.exit(1)
    })
    last = now
  }, 250)
}

function portOf(name: 'razorpay-port' | 'paypal-port'): number {
  const port = Number(values[name])
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port
  process.stderr.write(`--${name} must be a port, and is ${values[name]}.\n`)
  return process.exit(1)
}

if (values.help) {
  process.stdout.write(help)
  process.exit(0)
}

const sandbox = await createSandbox({
  clock: { startAt: Date.now() },
  seed: values.seed ?? String(Date.now()),
  port: { razorpay: portOf('razorpay-port'), paypal: portOf('paypal-port') },
})
if (values.webhooks !== undefined) sandbox.webhooks.to(values.webhooks)
if (values.clock === 'real') followTime((ms) => sandbox.clock.advance(ms))

const { razorpay, paypal } = sandbox
process.stdout.write(`Razorpay   ${razorpay.url}
  page     ${razorpay.url}/sandbox/razorpay
  key      ${razorpay.keyId} ${razorpay.keySecret}
  webhooks ${razorpay.webhookSecret}
  account  ${razorpay.accountNumber} (RazorpayX)
PayPal     ${paypal.url}
  page     ${paypal.url}/sandbox/paypal
  client   ${paypal.clientId} ${paypal.clientSecret}
  webhook  ${paypal.webhookId}
  account  ${paypal.merchantId}
`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void sandbox.close().then(() => process.exit(0)))
}
