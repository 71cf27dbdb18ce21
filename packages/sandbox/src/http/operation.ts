import type { IncomingHttpHeaders } from 'node:http'

/** A request as an operation sees it. */
export interface SandboxRequest {
  readonly method: string
  readonly path: string
  /** The parts of the path that the operation names with a colon, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly rawBody: Buffer
  /** The body as JSON; undefined when it is empty. Throws a `SyntaxError` when it is no JSON. */
  json(): unknown
}

export interface SandboxAnswer {
  readonly status: number
  /** Sent as JSON, none when undefined; a text as it is, where a header says that it is of another type. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** One thing that a gateway's API can do. */
export interface Operation {
  /** What faults are planned for, and what the log calls it: `createRefund`. */
  readonly name: string
  readonly method: string
  /** `/v1/orders/:id` */
  readonly path: string
  /** Synchronous, so that its effect is all there or not at all. It may throw `Refused`, before it changes anything. */
  handle(request: SandboxRequest): SandboxAnswer
}

/** What an operation throws to be done with a request: the gateway's documented answer. */
export class Refused extends Error {
  readonly answer: SandboxAnswer

  constructor(answer: SandboxAnswer, message = `Refused with status ${answer.status}.`) {
    super(message)
    this.name = 'Refused'
    this.answer = answer
  }
}
