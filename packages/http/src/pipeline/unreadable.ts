import { Problem } from '../problem.js'
import { jsonAnswer, refusalOf } from './answer.js'

/** The answer to what the platform makes no `Request` of, such as TRACE. No log tells of it, so it has no id to ask by. */
export function unreadableAnswer(error: unknown): Response {
  const problem =
    error instanceof Problem
      ? error
      : new Problem(400, 'invalid_input', 'There are no such requests here.', { cause: error })
  const { status, body } = refusalOf(problem, '')
  return jsonAnswer({ ...body, instance: undefined }, { status })
}
