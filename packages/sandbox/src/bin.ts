import { type Arguments, explainPort, help, readArguments, UsageError } from './arguments.js'
import { followTime } from './follow-time.js'
import { createSandbox, type Sandbox } from './sandbox.js'

async function main(now: () => number): Promise<void> {
  const options = readArguments(process.argv.slice(2))
  if (!options) {
    process.stdout.write(help)
    return
  }
  const sandbox = await start(options, now)
  process.stdout.write(told(sandbox))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void sandbox.close().then(() => process.exit(0)))
  }
  if (options.clock === 'real') await followTime({ now, advance: sandbox.clock.advance }).failed
}

async function start({ port, webhooks, seed }: Arguments, now: () => number): Promise<Sandbox> {
  try {
    const sandbox = await createSandbox({ clock: { startAt: now() }, seed: seed ?? String(now()), port })
    if (webhooks !== null) sandbox.webhooks.to(webhooks)
    return sandbox
  } catch (error) {
    throw explainPort(error, port)
  }
}

const told = ({ razorpay, paypal }: Sandbox): string => `Razorpay   ${razorpay.url}
  page     ${razorpay.url}/sandbox/razorpay
  key      ${razorpay.keyId} ${razorpay.keySecret}
  webhooks ${razorpay.webhookSecret}
  account  ${razorpay.accountNumber} (RazorpayX)
PayPal     ${paypal.url}
  page     ${paypal.url}/sandbox/paypal
  client   ${paypal.clientId} ${paypal.clientSecret}
  webhook  ${paypal.webhookId}
  account  ${paypal.merchantId}
`

/** What the user can act on is said in a line; anything else is a bug and keeps its stack. */
function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message} Run with --help to see all options.`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

try {
  await main(Date.now)
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(1)
}
