import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createBrowser } from './browser.js'
import { METRICS_TOKEN, openApplication } from './open-application.js'

const root = path.resolve(import.meta.dirname, '../../..')

/** Starts it as the start command does, in an environment that it cannot start in, and gives what it says. */
async function started(env: Record<string, string>, ...args: string[]) {
  const program = ['--import', 'tsx', '--conditions=@escrow-ledger/source', 'examples/express/src/main.ts', ...args]
  const child = spawn(process.execPath, program, { cwd: root, env: { ...process.env, ...env } })
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk) => (said.out += chunk))
  child.stderr.on('data', (chunk) => (said.err += chunk))
  const [code] = await once(child, 'close')
  return { code, ...said }
}

describe('what it tells', () => {
  test('is metrics for whoever has the token, and a request id on every page', async () => {
    const { url, logged } = await openApplication()
    const alice = createBrowser(url)
    await alice.logIn('Alice')
    await alice.send({ action: '/bookings' })
    expect((await fetch(`${url}/metrics`)).status).toBe(401)
    const headers = { authorization: `Bearer ${METRICS_TOKEN}` }
    const metrics = await (await fetch(`${url}/metrics`, { headers })).text()
    expect(metrics).toMatch(/escrow_ledger_command_duration_count\{[^}]*open/)
    const id = (await fetch(`${url}/login`)).headers.get('x-request-id') ?? ''
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    expect(logged()).toContain(`"requestId":"${id}"`)
    expect(logged()).not.toContain(METRICS_TOKEN)
  })

  test('of a bug is an id on the page, and the rest in the log', async () => {
    const { url, pool, logged } = await openApplication()
    const alice = createBrowser(url)
    await alice.logIn('Alice')
    await pool.query('drop table bookings')
    const { status, text } = await alice.open('/')
    expect([status, text.includes('Something went wrong here.'), text.includes('relation')]).toEqual([500, true, false])
    const [, id = ''] = /name ([0-9a-f-]{36})\./.exec(text) ?? []
    expect(
      logged()
        .split('\n')
        .find((line) => line.includes('A page failed')),
    ).toContain(`"requestId":"${id}"`)
  })
})

describe('starting', () => {
  test('tells everything that is wrong with the environment at once, and starts nothing', async () => {
    const { code, out, err } = await started({ PORT: 'abc', LOG_LEVEL: 'loud', METRICS_TOKEN: 'short' })
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain('There are 3 problems with the environment')
    for (const name of ['PORT', 'LOG_LEVEL', 'METRICS_TOKEN']) expect(err).toContain(`  ${name} must`)
    expect(err).not.toContain('    at ')
  })

  test('says so where the port is in use, and how it is called', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    onTestFinished(() => void taken.close())
    const { port } = taken.address() as { port: number }
    const [busy, help, wrong] = await Promise.all([
      started({ PORT: String(port), LOG_LEVEL: 'error' }),
      started({}, '--help'),
      started({}, '--wrong'),
    ])
    expect(busy).toMatchObject({
      code: 1,
      err: `Port ${port} is in use. End what listens there, or set PORT to another one.\n`,
    })
    expect(help).toMatchObject({ code: 0, out: expect.stringContaining('npm run example -- express'), err: '' })
    expect(wrong).toMatchObject({ code: 1, out: '', err: expect.stringContaining('--wrong is not known here.') })
  })
})
