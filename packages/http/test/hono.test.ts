import type { Handler } from '@escrow-ledger/http'
import { honoMount } from '@escrow-ledger/http/hono'
import { serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { Hono } from 'hono'
import { describe, expect, onTestFinished, test } from 'vitest'

const notText = Uint8Array.from({ length: 256 }, (_, index) => index)

function remembering() {
  const seen: { path: string; bytes: number[]; address: string | null | undefined }[] = []
  const handle = async (request: Request, { address }: { address?: string | null | undefined } = {}) => {
    const bytes = [...new Uint8Array(await request.arrayBuffer())]
    seen.push({ path: new URL(request.url).pathname, bytes, address })
    return Response.json({ ok: true }, { status: 201 })
  }
  return { seen, handler: Object.assign(handle, { openapi: {}, drain: async () => {} }) as Handler }
}

async function listen(app: Hono): Promise<string> {
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
      resolve(`http://127.0.0.1:${port}`),
    )
    onTestFinished(() => void server.close())
  })
}

describe('a request through Hono', () => {
  test('keeps its bytes and its path below the mount, and says where it comes from', async () => {
    const { seen, handler } = remembering()
    const app = new Hono()
    app.all(
      '/api/*',
      honoMount(handler, { basePath: '/api', address: (context) => getConnInfo(context).remote.address }),
    )
    const url = await listen(app)
    const response = await fetch(`${url}/api/payments/paypal/webhook`, { method: 'POST', body: notText })
    expect([response.status, await response.json()]).toEqual([201, { ok: true }])
    expect(seen).toEqual([{ path: '/payments/paypal/webhook', bytes: [...notText], address: '127.0.0.1' }])
  })

  test("goes through Hono's own mount as well", async () => {
    const { seen, handler } = remembering()
    const url = await listen(new Hono().mount('/api', handler))
    await fetch(`${url}/api/x`, { method: 'POST', body: notText })
    expect(seen).toMatchObject([{ path: '/x', bytes: [...notText] }])
  })

  test('below no mount keeps its whole path', async () => {
    const { seen, handler } = remembering()
    const app = new Hono()
    app.all('*', honoMount(handler))
    await app.request('http://localhost/sessions/s1')
    expect(seen).toMatchObject([{ path: '/sessions/s1', address: null }])
  })
})
