import type { z } from 'zod'
import { PageProblem } from './page-problem.js'

/** What a schema makes of a form. Forms of our own pages fit, so what does not is answered briefly. */
export function readForm<Output>(schema: z.ZodType<Output>, body: unknown): Output {
  const result = schema.safeParse(body ?? {})
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new PageProblem(400, `The form is not filled in right: ${issue?.path.join('.')}: ${issue?.message}.`)
}
