import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { help, readArguments, UsageError } from '../src/arguments.js'

const program = fileURLToPath(new URL('../src/bin.ts', import.meta.url))

/** Runs the command from its sources. */
function start(args: readonly string[]) {
  const conditions = ['--import', 'tsx', '--conditions=@escrow-ledger/source']
  const child = spawn(process.execPath, [...conditions, program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill())
  return child
}

/** Gives what the command has said once that has this in it. */
function run(args: readonly string[], until: RegExp): Promise<string> {
  const child = start(args)
  return new Promise((resolve, reject) => {
    let said = ''
    const listen = (chunk: Buffer) => {
      said += chunk.toString()
      if (until.test(said)) resolve(said)
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('close', () => reject(new Error(`It ended with: ${said}`)))
  })
}

/** Runs the command to its end. */
async function finish(args: readonly string[]) {
  const child = start(args)
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    said.err += chunk.toString()
  })
  const [code] = await once(child, 'close')
  return { code, ...said }
}

function caught(act: () => unknown): Error {
  try {
    act()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('It was taken.')
}

const anyPorts = ['--razorpay-port', '0', '--paypal-port', '0']
const hint = 'Run with --help to see all options.'

test('the command starts it, tells where, and lets time pass', async () => {
  const said = await run(anyPorts, /webhooks .*\n.*RazorpayX/)
  const [, url] = /Razorpay +(\S+)/.exec(said) ?? []
  const now = async () => ((await (await fetch(`${url}/sandbox/clock`)).json()) as { now: number }).now
  const before = await now()
  await expect.poll(now, { timeout: 5000 }).toBeGreaterThan(before)
})

test('the command tells what it can do', async () => {
  const { code, out, err } = await finish(['--help'])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toBe(help)
})

test.each<[string, readonly string[], string]>([
  ['an unknown option', ['--port', '1'], "Unknown option '--port'."],
  ['an argument that is no option', ['4010'], "Unexpected argument '4010'."],
  ['an option without its value', ['--seed'], "Option '--seed <value>' argument missing."],
  ['an option where a value should be', ['--seed', '--help'], "Option '--seed' argument is ambiguous."],
  ['an empty value', ['--webhooks='], "Option '--webhooks' needs a value."],
  ['a port that is no number', ['--razorpay-port', 'x'], "--razorpay-port must be a port from 0 to 65535, not 'x'."],
  ['a port out of range', ['--paypal-port', '65536'], "--paypal-port must be a port from 0 to 65535, not '65536'."],
  ['one port for both', ['--razorpay-port', '4011'], '--razorpay-port and --paypal-port must be different.'],
  ['another clock', [...anyPorts, '--clock', 'fast'], "--clock must be real or manual, not 'fast'."],
  ['an address of no scheme', ['--webhooks', 'hooks'], "--webhooks must be an http or https address, not 'hooks'."],
  ['a scheme it cannot post to', ['--webhooks', 'ftp://a/b'], "--webhooks must be an http or https address, not 'ftp:"],
])('%s is refused in one line', (_, args, message) => {
  const refused = caught(() => readArguments(args))
  expect(refused).toBeInstanceOf(UsageError)
  expect(refused.message).toContain(message)
  expect(refused.message).not.toContain('\n')
})

test('the command ends with what it refuses, and starts nothing', async () => {
  const { code, out, err } = await finish([...anyPorts, '--clock', 'fast'])
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toBe(`--clock must be real or manual, not 'fast'. ${hint}\n`)
})

test('all of it can be left out, or said', () => {
  const port = { razorpay: 4010, paypal: 4011 }
  expect(readArguments([])).toEqual({ port, webhooks: null, clock: 'real', seed: null })
  const webhooks = 'https://localhost/hooks'
  const args = ['--razorpay-port=0', '--paypal-port=0', '--webhooks', webhooks, '--clock', 'manual', '--seed', 's']
  expect(readArguments(args)).toEqual({ port: { razorpay: 0, paypal: 0 }, webhooks, clock: 'manual', seed: 's' })
})

test.each(['razorpay', 'paypal'])('the command tells that the port of %s is in use', async (gateway) => {
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const { code, out, err } = await finish([...anyPorts, `--${gateway}-port`, String(port)])
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toBe(`--${gateway}-port: port ${port} is in use. Choose another, or 0 for any. ${hint}\n`)
})
