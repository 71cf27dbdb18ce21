import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** Something that a person can be told, and with which status. */
export class PageProblem extends Error {
  constructor(
    readonly status: ContentfulStatusCode,
    message: string,
  ) {
    super(message)
  }
}
