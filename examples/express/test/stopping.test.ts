import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createBrowser } from './browser.js'
import { createDatabase, openApplication } from './open-application.js'

const root = path.resolve(import.meta.dirname, '../../..')

describe('stopping', () => {
  test('finishes the request that is under way, and takes no other', async () => {
    const { url, pool, stop } = await openApplication()
    const alice = createBrowser(url)
    await alice.logIn('Alice')
    const id = (await alice.send({ action: '/bookings' })).url.split('/')[2] ?? ''
    const body = JSON.stringify({ id: 'o1', session: id, gateway: 'razorpay' })
    const agent = new Agent({ keepAlive: true })
    onTestFinished(() => agent.destroy())
    const asked = request(`${url}/api/payments/create-order`, {
      agent,
      method: 'POST',
      headers: {
        cookie: alice.cookie(),
        'content-type': 'application/json',
        'content-length': body.length,
        'idempotency-key': 'o1',
        expect: '100-continue',
      },
    })
    asked.flushHeaders()
    // The server has begun with it, and waits for its body.
    await once(asked, 'continue')
    const stopped = stop()
    await expect(fetch(`${url}/login`)).rejects.toThrow()
    expect((await pool.query('select status from bookings')).rows).toEqual([{ status: 'booked' }])
    asked.end(body)
    const [response] = await once(asked, 'response')
    expect(response.statusCode).toBe(201)
    response.resume()
    await stopped
  })

  test('ends the process when it is told to', async () => {
    const databaseUrl = await createDatabase()
    const args = ['--import', 'tsx', '--conditions=@escrow-ledger/source', 'examples/express/src/main.ts']
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, DATABASE_URL: databaseUrl, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const said: string[] = []
    let url = ''
    for await (const line of createInterface({ input: child.stdout })) {
      said.push(line)
      const opened = /^Open (http:\S+) /.exec(line)
      if (!opened) continue
      url = opened[1] ?? ''
      expect(await (await fetch(`${url}/login`)).text()).toContain('Log in as Alice')
      expect(await (await fetch(`${url}/api/ready`)).json()).toEqual({ status: 'ready' })
      child.kill('SIGTERM')
    }
    expect(said.at(-1)).toBe('Stopping …')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    expect(child.exitCode).toBe(0)
  })
})
