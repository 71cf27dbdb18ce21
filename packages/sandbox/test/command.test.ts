import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const program = fileURLToPath(new URL('../src/bin.ts', import.meta.url))

/** Runs the command from its sources; gives what it has said once that has something in it. */
function run(args: readonly string[], until: RegExp): Promise<string> {
  const conditions = ['--import', 'tsx', '--conditions=@escrow-ledger/source']
  const child = spawn(process.execPath, [...conditions, program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill())
  return new Promise((resolve, reject) => {
    let said = ''
    const listen = (chunk: Buffer) => {
      said += chunk.toString()
      if (until.test(said)) resolve(said)
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('exit', () => reject(new Error(`It ended with: ${said}`)))
  })
}

test('the command starts it, tells where, and lets time pass', async () => {
  const said = await run(['--razorpay-port', '0', '--paypal-port', '0'], /webhooks .*\n.*RazorpayX/)
  const [, url] = /Razorpay +(\S+)/.exec(said) ?? []
  const now = async () => ((await (await fetch(`${url}/sandbox/clock`)).json()) as { now: number }).now
  const before = await now()
  await expect.poll(now, { timeout: 5000 }).toBeGreaterThan(before)
})

test('the command tells what it can do, and what is wrong', async () => {
  expect(await run(['--help'], /--seed.*\n.*--help/)).toContain('--webhooks URL')
  expect(await run(['--razorpay-port', 'x'], /must be a port/)).toContain('--razorpay-port must be a port, and is x.')
})
