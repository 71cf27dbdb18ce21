import type { z } from 'zod'
import { Problem, type ProblemBody } from '../problem.js'

type Issues = NonNullable<ProblemBody['issues']>

/** What a schema makes of a part of a request. Throws 400 with every issue. */
export function checkInput<Output>(schema: z.ZodType<Output>, value: unknown, part: 'path' | 'query' | 'body'): Output {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issues: Issues = result.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }))
  const words = issues.map(({ path, message }) => `${path === '' ? 'it' : path}: ${message}`).join('; ')
  throw new Problem(400, 'invalid_input', `The ${part} is not valid: ${words}.`, { issues })
}

/** A query as an object; a name that stands twice is refused by its schema, since it is an array then. */
export function queryOf(url: URL): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>
  for (const name of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(name)
    query[name] = values.length === 1 ? (values[0] ?? '') : values
  }
  return { ...query }
}
