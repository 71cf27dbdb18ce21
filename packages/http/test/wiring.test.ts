import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Handler } from '@escrow-ledger/http'
import fastify from 'fastify'
import { describe, expect, onTestFinished, test } from 'vitest'
import { mountInFastify } from './fixtures/fastify-mount.js'

const read = (place: string) => readFileSync(fileURLToPath(new URL(place, import.meta.url)), 'utf8')
const guide = read('../../../docs/wiring.md')
const notText = Uint8Array.from({ length: 256 }, (_, index) => index)

function remembering() {
  const seen: { path: string; bytes: number[]; address: string | null | undefined; signature: string | null }[] = []
  const handle = async (request: Request, { address }: { address?: string | null | undefined } = {}) => {
    const bytes = [...new Uint8Array(await request.arrayBuffer())]
    const signature = request.headers.get('x-signature')
    seen.push({ path: new URL(request.url).pathname, bytes, address, signature })
    return Response.json({ ok: true }, { status: 201, headers: { 'x-request-id': 'abc' } })
  }
  return { seen, handler: Object.assign(handle, { openapi: {}, drain: async () => {} }) as Handler }
}

const post = { method: 'POST', body: notText, headers: { 'x-signature': 's', 'content-type': 'application/json' } }

describe("the guide's wiring", () => {
  test('of Fastify is the code that is tried here, and keeps the bytes of a body', async () => {
    const [, code = ''] = /\/\/ guide: begin\n(.*?) *\/\/ guide: end/s.exec(read('./fixtures/fastify-mount.ts')) ?? []
    expect(guide).toContain(code.replace(/^ {2}/gm, '').trimEnd())

    const { seen, handler } = remembering()
    const app = fastify()
    mountInFastify(app, handler)
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    onTestFinished(() => app.close())
    const response = await fetch(`${url}/api/payments/razorpay/webhook`, post)
    expect([response.status, response.headers.get('x-request-id')]).toEqual([201, 'abc'])
    expect(seen).toEqual([
      { path: '/api/payments/razorpay/webhook', bytes: [...notText], address: '127.0.0.1', signature: 's' },
    ])
    await fetch(`${url}/api/sessions/s1`)
    expect(seen[1]).toMatchObject({ path: '/api/sessions/s1', bytes: [] })
  })

  test('of Next.js is a function from request to response', async () => {
    expect(guide).toContain(
      "export const GET = (request: Request) => handler(request, { address: request.headers.get('x-real-ip') })",
    )
    const { seen, handler } = remembering()
    const GET = (request: Request) => handler(request, { address: request.headers.get('x-real-ip') })
    const headers = { ...post.headers, 'x-real-ip': '203.0.113.7' }
    expect((await GET(new Request('http://localhost/api/x', { ...post, headers }))).status).toBe(201)
    expect(seen).toMatchObject([{ bytes: [...notText], address: '203.0.113.7' }])
  })

  test('of edge runtimes needs nothing of Node', () => {
    const files = ['create-handler', 'hono', 'auth', 'openapi', 'wire', 'auth/jwt', 'auth/api-keys']
    for (const file of files) expect(read(`../src/${file}.ts`), file).not.toMatch(/from 'node:|\bBuffer\b|\bprocess\./)
  })
})
