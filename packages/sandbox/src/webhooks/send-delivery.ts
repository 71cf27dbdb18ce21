import { request as requestOpenly } from 'node:http'
import { request as requestOverTls } from 'node:https'

/** Posts a webhook and says whether the receiver took it: a 2xx within the time. */
export function sendDelivery(given: {
  readonly url: string
  readonly rawBody: string
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number
}): Promise<boolean> {
  const body = Buffer.from(given.rawBody)
  const headers = { 'content-type': 'application/json', ...given.headers, 'content-length': String(body.length) }
  const signal = AbortSignal.timeout(given.timeoutMs)
  const request = new URL(given.url).protocol === 'https:' ? requestOverTls : requestOpenly
  return new Promise((resolve) => {
    const outgoing = request(given.url, { method: 'POST', headers, signal, agent: false }, (response) => {
      response.resume()
      response.once('close', () => {
        const status = response.statusCode ?? 0
        resolve(response.complete && status >= 200 && status < 300)
      })
    })
    outgoing.once('error', () => resolve(false))
    outgoing.end(body)
  })
}
