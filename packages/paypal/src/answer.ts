import { listAt, textAt } from './json-path.js'

/** What PayPal answered to a request, whatever its status. */
export interface Answer {
  readonly status: number
  /** The body as JSON, as it came: the official SDK drops what it does not know. Undefined where it is none. */
  readonly body: unknown
  readonly text: string
  /** What PayPal's support asks for. */
  readonly requestId: string | null
  /** When it may be asked again at the earliest, where it says so. */
  readonly retryAt: number | undefined
}

interface Received {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

export function answerOf({ statusCode, headers, body }: Received, now: number): Answer {
  const text = typeof body === 'string' ? body : ''
  const json = parse(text)
  return {
    status: statusCode,
    body: json,
    text,
    requestId: headers['paypal-debug-id'] ?? textAt(json, 'debug_id'),
    retryAt: retryAtOf(headers['retry-after'], now),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function retryAtOf(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  if (/^\d{1,6}$/.test(header)) return now + Number.parseInt(header, 10) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : at
}

export const isSuccess = ({ status }: Answer): boolean => status >= 200 && status < 300

/** Why PayPal refused, in its own words. */
export interface Problem {
  /** The issue, such as ORDER_NOT_APPROVED; or else the name of the error; null where the answer is not of its shape. */
  readonly code: string | null
  readonly reason: string
}

/** Payouts name their issues in sentences, which are no codes. */
const isCode = (text: string | null): text is string => text !== null && /^[A-Z][A-Z0-9_]*$/.test(text)

export function problemOf({ status, body }: Answer): Problem {
  const [detail] = listAt(body, 'details')
  const issue = textAt(detail, 'issue')
  const name = textAt(body, 'name') ?? textAt(body, 'error')
  const said = textAt(detail, 'description') ?? issue ?? textAt(body, 'message') ?? textAt(body, 'error_description')
  const field = textAt(detail, 'field')
  const where = field === null ? '' : ` (${field})`
  return { code: isCode(issue) ? issue : name, reason: `${said ?? `PayPal answered with status ${status}`}${where}` }
}

/** Whether an answer has this issue among its details, or as its name. */
export function hasIssue({ body }: Answer, ...issues: readonly string[]): boolean {
  const said = [textAt(body, 'name'), ...listAt(body, 'details').map((detail) => textAt(detail, 'issue'))]
  return said.some((each) => each !== null && issues.includes(each))
}
