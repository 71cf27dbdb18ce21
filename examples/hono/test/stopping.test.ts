import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createBrowser, openApplication } from './open-application.js'

const root = path.resolve(import.meta.dirname, '../../..')

describe('stopping', () => {
  test('finishes the request that is under way, and takes no other', async () => {
    const { url, stop } = await openApplication()
    const chloe = createBrowser(url)
    await chloe.logIn('chloe')
    const id = (await chloe.send('/slots/slot-1/book')).url.split('/')[2] ?? ''
    const body = JSON.stringify({ id: 'o1', session: id, gateway: 'paypal' })
    // A connection that is kept alive must not keep the server.
    const agent = new Agent({ keepAlive: true })
    onTestFinished(() => agent.destroy())
    const asked = request(`${url}/api/payments/create-order`, {
      agent,
      method: 'POST',
      headers: {
        cookie: chloe.cookie(),
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
    asked.end(body)
    const [response] = await once(asked, 'response')
    expect(response.statusCode).toBe(201)
    response.resume()
    await stopped
  })

  test('ends the process when it is told to', async () => {
    const args = ['--import', 'tsx', '--conditions=@escrow-ledger/source', 'examples/hono/src/main.ts']
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, PORT: '0' },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const said: string[] = []
    for await (const line of createInterface({ input: child.stdout })) {
      said.push(line)
      const opened = /^Open (http:\S+) /.exec(line)
      if (!opened) continue
      const url = opened[1] ?? ''
      expect(await (await fetch(`${url}/login`)).text()).toContain('Log in as Chloé')
      expect(await (await fetch(`${url}/api/ready`)).json()).toEqual({ status: 'ready' })
      child.kill('SIGTERM')
    }
    expect(said.at(-1)).toBe('Stopping …')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    expect(child.exitCode).toBe(0)
  })
})
