import type { CallContext } from 'escrow-ledger'
import { createAccessTokens } from './access-token.js'
import { type Answer, answerOf } from './answer.js'
import { type ClientOptions, createClient, type SdkClient } from './client.js'
import type { Partner } from './partner.js'

/** Makes a request with a client that watches it; what the SDK makes of the answer does not matter. */
export type Request = (client: SdkClient, options: { readonly abortSignal: AbortSignal }) => Promise<unknown>

export interface PayPalApi {
  /** The platform itself; null where it sells in its own name only. */
  readonly partner: Partner | null
  /**
   * Makes one request and gives PayPal's answer to it, whatever its status, and keeps both with the context. Throws
   * `NotSent` where nothing can have been sent, and an `Error` where nobody knows whether it arrived.
   */
  call(context: CallContext, request: Request): Promise<Answer>
}

/** There was no access token to send the request with. */
export class NotSent extends Error {}

type Builder = ReturnType<ReturnType<SdkClient['getRequestBuilderFactory']>>
type Interceptor = Parameters<Builder['intercept']>[0]
type HttpRequest = Parameters<Interceptor>[0]

export function createApi(options: ClientOptions, partner: Partner | null): PayPalApi {
  let session = openSession(options)

  return {
    partner,
    async call(context, request) {
      const used = session
      const answer = await used.call(context, request)
      if (answer.status !== 401) return answer
      // The SDK goes on with a token that PayPal takes no more. Nothing was done, so it is asked again with another.
      if (session === used) session = openSession(options)
      return session.call(context, request)
    },
  }
}

/** A client with a token of its own. */
function openSession(options: ClientOptions): Pick<PayPalApi, 'call'> {
  const tokens = createAccessTokens()
  const client = createClient(options, tokens.provide)
  return {
    async call(context, request) {
      const watch = createWatch(context)
      const { abortSignal, letGo } = ownSignal(context.signal)
      try {
        await request(watched(client, watch.intercept), { abortSignal })
      } catch (error) {
        const answer = watch.answer()
        if (answer !== undefined) return answer
        throw watch.isSent() ? error : notSent(tokens.failure(), error)
      } finally {
        letGo()
      }
      const answer = watch.answer()
      if (answer === undefined) throw new Error('the request ended without an answer')
      return answer
    },
  }
}

/** A signal for one request: the SDK never takes its listener off the one that it is given. */
function ownSignal(signal: AbortSignal) {
  const own = new AbortController()
  const abort = () => own.abort(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  return { abortSignal: own.signal, letGo: () => signal.removeEventListener('abort', abort) }
}

function notSent(failure: unknown, error: unknown): Error {
  if (failure === undefined) return error instanceof Error ? error : new Error(String(error))
  const reason = failure instanceof Error ? failure.message : String(failure)
  return new NotSent(`there is no access token: ${reason}`, { cause: failure })
}

function watched(client: SdkClient, intercept: Interceptor): SdkClient {
  const factory = client.getRequestBuilderFactory()
  return {
    getRequestBuilderFactory: () => (method, path) => {
      const builder = factory(method, path)
      builder.intercept(intercept)
      return builder
    },
  }
}

/** Sees a request as it goes out and its answer as it comes in, inside of all that the SDK does with them. */
function createWatch(context: CallContext) {
  let answer: Answer | undefined
  let sent = false
  const intercept: Interceptor = async (request, options, next) => {
    const at = context.now()
    sent = true
    try {
      const made = await next(request, options)
      answer = answerOf(made.response, context.now())
      const { status, text, requestId } = answer
      context.record({ ...asked(request), at, status, answer: text, requestId, error: null })
      return made
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error)
      context.record({ ...asked(request), at, status: null, answer: null, requestId: null, error: said })
      throw error
    }
  }
  return { intercept, answer: () => answer, isSent: () => sent }
}

function asked({ method, url, body }: HttpRequest) {
  const { pathname, search } = new URL(url)
  return { method, path: `${pathname}${search}`, request: body?.type === 'text' ? body.content : null }
}
