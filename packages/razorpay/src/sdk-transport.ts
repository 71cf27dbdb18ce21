import type Razorpay from 'razorpay'
import { isOwnAddress } from './environment.js'
import type { Settings } from './options.js'

/** A request as the SDK's own HTTP client has it. */
export interface SentRequest {
  readonly method?: string
  readonly url?: string
  readonly data?: unknown
  readonly headers: Record<string, unknown>
  signal?: AbortSignal
}

export interface ReceivedAnswer {
  readonly status: number
  /** Text, until it has been read. */
  data: unknown
  readonly headers: Readonly<Record<string, unknown>>
  readonly config: SentRequest
}

/** What a request fails with: an answer with a status that is no success, or none. */
export interface SendFailure {
  readonly message?: string
  readonly code?: string
  readonly config?: SentRequest
  readonly response?: ReceivedAnswer
}

/** The members that are used of the HTTP client inside the SDK, which its types leave out. */
export interface SdkTransport {
  readonly defaults: Record<string, unknown>
  readonly interceptors: {
    readonly request: { use(change: (request: SentRequest) => SentRequest): void }
    readonly response: {
      use(read: (answer: ReceivedAnswer) => ReceivedAnswer, fail: (failure: SendFailure) => never): void
    }
  }
  getUri(request: SentRequest): string
  request(options: {
    readonly method: string
    readonly url: string
    readonly params?: Readonly<Record<string, string | number>> | undefined
    readonly data?: unknown
  }): Promise<ReceivedAnswer>
}

const MOST_BYTES = 20_000_000

/**
 * The SDK's HTTP client, set up as the options say. The SDK itself has no setting for any of it, waits for ever, follows
 * redirects with the key, and parses what it is given whatever it is.
 */
export function transportOf(sdk: Razorpay, { origin, timeoutMs, agent }: Settings): SdkTransport {
  const rq = (sdk as unknown as { api?: { rq?: SdkTransport } }).api?.rq
  if (!rq) throw new Error('This version of the razorpay SDK keeps its HTTP client elsewhere. Use 2.9.8.')
  Object.assign(rq.defaults, {
    baseURL: origin,
    timeout: timeoutMs,
    maxRedirects: 0,
    maxContentLength: MOST_BYTES,
    responseType: 'text',
    transformResponse: [(text: unknown) => text],
  })
  if (agent) Object.assign(rq.defaults, origin.startsWith('https:') ? { httpsAgent: agent } : { httpAgent: agent })
  if (agent || !isOwnAddress(origin)) rq.defaults.proxy = false
  return rq
}
