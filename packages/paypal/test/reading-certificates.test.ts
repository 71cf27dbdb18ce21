import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { problemOf } from '../../../test/fixtures/authenticity-problem.js'
import { fetchCertificate, type PayPalWebhookOptions } from '../src/index.js'
import { rawBody, signed, verifierOf } from './fixtures/delivery.js'
import { DAY, leaf, NOW } from './fixtures/signer.js'

const folder = 'https://api.sandbox.paypal.com/v1/notifications/certs/'

/** A verifier, and the addresses that it has read. */
function watched(answer: (count: number) => Promise<string>, options: Partial<PayPalWebhookOptions> = {}) {
  const reads: string[] = []
  const fetchCertificate = (url: string) => answer(reads.push(url.slice(folder.length)))
  const verifier = verifierOf({ fetchCertificate, ...options })
  const receive = (name: string, transmittedAt = NOW) =>
    verifier.verify({ headers: signed({ certificateUrl: folder + name, transmittedAt }), rawBody })
  return { reads, receive }
}

describe('a certificate', () => {
  test('is read once, also for deliveries that arrive together', async () => {
    const { reads, receive } = watched(async () => leaf())
    await Promise.all([receive('a'), receive('a'), receive('b')])
    await receive('a')
    expect(reads).toEqual(['a', 'b'])
  })

  test('is kept only after it has passed', async () => {
    const { reads, receive } = watched(async (count) => (count === 1 ? 'Bad gateway' : leaf()))
    expect(await problemOf(() => receive('a'))).toBe('certificate_unreadable')
    await receive('a')
    await receive('a')
    expect(reads).toEqual(['a', 'a'])
  })

  test('is read again when it is no longer valid', async () => {
    let now = NOW
    const { reads, receive } = watched(async () => leaf({ through: now + DAY }), { now: () => now })
    await receive('a')
    now += DAY
    await receive('a', now)
    expect(reads).toEqual(['a'])
    now += 1_000
    await receive('a', now)
    expect(reads).toEqual(['a', 'a'])
  })

  test('makes room for others when sixteen are kept, the least recently used first', async () => {
    const { reads, receive } = watched(async () => leaf())
    const sixteen = Array.from({ length: 16 }, (_, index) => `c${index}`)
    for (const name of [...sixteen, 'c0', 'one-more', 'c0', 'c1']) await receive(name)
    expect(reads).toEqual([...sixteen, 'one-more', 'c1'])
  })
})

describe('a certificate that cannot be read', () => {
  const unavailable = { code: 'certificate_unavailable', kind: 'unavailable', retryable: true, gateway: 'paypal' }

  test('leaves open whether the delivery is genuine, and is read again next time', async () => {
    const cause = new Error('ECONNRESET')
    const { receive } = watched(async (count) => (count === 1 ? Promise.reject(cause) : leaf()))
    await expect(receive('a')).rejects.toMatchObject({ ...unavailable, url: `${folder}a`, cause })
    expect(await receive('a')).toMatchObject({ gateway: 'paypal' })
  })

  test('is not waited for longer than was asked', async () => {
    const { receive } = watched(() => new Promise(() => {}), { certificateTimeoutMs: 20 })
    await expect(receive('a')).rejects.toMatchObject({ ...unavailable, cause: new Error('no answer within 20 ms') })
  })

  test('is one of eight at most', async () => {
    const { reads, receive } = watched(() => new Promise(() => {}), { certificateTimeoutMs: 100 })
    const outcomes = await Promise.allSettled(Array.from({ length: 9 }, (_, index) => receive(`c${index}`)))
    expect(outcomes.map(({ status }) => status)).toEqual(Array(9).fill('rejected'))
    expect(reads).toHaveLength(8)
  })
})

describe('the platform’s fetch', () => {
  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }
  const read = async (listener: RequestListener) => fetchCertificate(await serve(listener), AbortSignal.timeout(5_000))

  test('reads a certificate', async () => {
    const pem = leaf()
    expect(Buffer.from(await read((_, response) => response.end(pem))).toString()).toBe(pem)
  })

  test('follows no redirect', async () => {
    const call = read((request, response) =>
      request.url === '/' ? response.writeHead(302, { location: '/elsewhere' }).end() : response.end(leaf()),
    )
    await expect(call).rejects.toThrow('fetch failed')
  })

  test('takes no error for a certificate', async () => {
    const call = read((_, response) => response.writeHead(404).end(leaf()))
    await expect(call).rejects.toThrow('the server answered 404')
  })

  test('reads no more than a certificate may have, however much there is', async () => {
    const call = read((_, response) => {
      const send = () => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
        response.once('drain', send)
      }
      send()
    })
    await expect(call).rejects.toThrow('the server sent more than 65536 bytes')
  })

  test('ends with its signal', async () => {
    const url = await serve(() => {})
    await expect(fetchCertificate(url, AbortSignal.timeout(20))).rejects.toThrow('timeout')
  })
})
