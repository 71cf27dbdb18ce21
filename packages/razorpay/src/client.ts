import { AsyncLocalStorage } from 'node:async_hooks'
import type { CallContext } from 'escrow-ledger'
import Razorpay from 'razorpay'
import { type Answer, readAnswer } from './answer.js'
import type { Settings } from './options.js'
import type { RazorpayError } from './razorpay-error.js'
import { bodyOf, errorOf, exchangeOf } from './read-exchange.js'
import { type SdkTransport, type SentRequest, transportOf } from './sdk-transport.js'

/** Requests to Razorpay, by the official SDK or, where it has no method for one, by the same client. Both throw `RazorpayError`. */
export interface RazorpayClient {
  /** One request by a method of the SDK, with headers that the method does not take. */
  call(
    context: CallContext,
    method: (sdk: Razorpay) => Promise<unknown>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>
  request(context: CallContext, request: PlainRequest): Promise<Answer>
}

interface PlainRequest {
  readonly method: 'GET' | 'POST' | 'PATCH'
  /** Such as `/v1/payouts`. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | number>> | undefined
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** What the HTTP client has to know of the call that a request belongs to; the SDK's methods cannot carry it. */
interface Scope {
  readonly context: CallContext
  readonly headers: Readonly<Record<string, string>>
  /** What really went wrong: the SDK makes a `TypeError` of a lost connection, and drops the headers. */
  failure?: RazorpayError
}

/** One for all clients: on Node 20 every one there is makes each promise of the process slower, and none ever goes. */
const scopes = new AsyncLocalStorage<Scope>()

export function createClient(settings: Settings): RazorpayClient {
  const sdk = new Razorpay({ key_id: settings.keyId, key_secret: settings.keySecret })
  const transport = transportOf(sdk, settings)
  watch(transport)

  async function within(scope: Scope, work: () => Promise<unknown>): Promise<Answer> {
    try {
      return readAnswer(await scopes.run(scope, work))
    } catch (error) {
      throw scope.failure ?? error
    }
  }

  return {
    call: (context, method, headers = {}) => within({ context, headers }, () => method(sdk)),
    request: (context, { method, path, query, body, headers = {} }) =>
      within({ context, headers }, async () => {
        const { data } = await transport.request({ method, url: path, params: query, data: body })
        return data
      }),
  }
}

function watch(transport: SdkTransport): void {
  const scopeOf = (): Scope => {
    const scope = scopes.getStore()
    if (!scope) throw new Error('A request to Razorpay was made outside of a call.')
    return scope
  }
  const place = (scope: Scope, request: SentRequest) => ({ uri: transport.getUri(request), at: scope.context.now() })

  transport.interceptors.request.use((request) => {
    const { context, headers } = scopeOf()
    request.signal = context.signal
    Object.assign(request.headers, headers)
    return request
  })
  transport.interceptors.response.use(
    (answer) => {
      const scope = scopeOf()
      const request = answer.config
      scope.context.record(exchangeOf(place(scope, request), { request, answer }))
      try {
        answer.data = bodyOf(answer)
      } catch (error) {
        scope.failure = error as RazorpayError
        throw error
      }
      return answer
    },
    (failure) => {
      const scope = scopeOf()
      const error = errorOf(failure)
      const { config: request, response: answer } = failure
      if (request) {
        const lost = answer ? null : error.message
        scope.context.record(exchangeOf(place(scope, request), { request, answer, error: lost }))
      }
      scope.failure = error
      throw error
    },
  )
}
