import { LedgerError } from 'escrow-ledger'
import type { NextFunction, Request, Response } from 'express'
import type { Logger } from 'pino'
import { personOf } from './guard.js'
import { html } from './html.js'
import { homeOf, page } from './page.js'
import { PageProblem } from './page-problem.js'
import type { Place } from './place.js'

/** Answers what went wrong with a page. The ledger's own words are fit for people; those of bugs stay in the logs. */
export const answerProblem =
  ({ authenticate }: Place, logger: Logger) =>
  async (error: unknown, req: Request, res: Response, next: NextFunction): Promise<void> => {
    const { status, message } = problemOf(error)
    const { requestId } = res.locals
    if (status >= 500) logger.error({ err: error, requestId }, 'A page failed.')
    if (res.headersSent) return next(error)
    const person = await personOf(authenticate, req).catch(() => null)
    const body = html`<p class="notice">${message}</p>
${status >= 500 ? html`<p class="muted">If you ask us about it, name ${String(requestId)}.</p>` : null}
<p><a href="${person ? homeOf(person) : '/login'}">Back</a></p>`
    res.status(status).send(page({ title: 'That did not work', person, body }))
  }

const statuses: Readonly<Record<string, number>> = { invalid: 400, not_found: 404, conflict: 409, unavailable: 503 }

function problemOf(error: unknown): { readonly status: number; readonly message: string } {
  if (error instanceof PageProblem) return error
  const status = error instanceof LedgerError ? statuses[error.kind] : clientStatusOf(error)
  if (status === undefined) return { status: 500, message: 'Something went wrong here. It has been noted.' }
  return { status, message: error instanceof Error ? error.message : String(error) }
}

/** Express and its parsers mark what a client got wrong. */
function clientStatusOf(error: unknown): number | undefined {
  const status = (error as { readonly status?: unknown } | null)?.status
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined
}
