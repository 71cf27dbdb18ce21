import { storableText } from '../accounts/storable-text.js'
import type { Exchange } from './exchange.js'
import { redacted } from './redact.js'

const MOST = { word: 255, line: 500, body: 20_000 } as const

/** An exchange as it may be kept: redacted, in limits, and fit for every database. */
export function redactedExchange(exchange: Exchange): Exchange {
  const { method, path, request, answer, requestId, error } = exchange
  const within = (text: string | null, most: number) => (text === null ? null : redacted(text, most))
  return {
    ...exchange,
    method: storableText(method.slice(0, MOST.word)),
    path: redacted(path, MOST.line),
    request: within(request, MOST.body),
    answer: within(answer, MOST.body),
    requestId: requestId === null ? null : storableText(requestId.slice(0, MOST.word)),
    error: within(error, MOST.line),
  }
}
