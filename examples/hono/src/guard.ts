import type { Context } from 'hono'
import type { Logins } from './authenticate.js'
import { PageProblem } from './page-problem.js'
import type { Person } from './people.js'

type Act = (person: Person, context: Context) => Promise<Response>

/** Pages for people in one role: others are sent to log in, or refused. */
export function createGuard({ personOf }: Logins) {
  return (role: Person['role'], act: Act) => async (context: Context) => {
    const person = await personOf(context)
    if (!person) return context.redirect('/login', 303)
    if (person.role !== role) throw new PageProblem(403, `This page is not for ${person.name}.`)
    return act(person, context)
  }
}
export type Guard = ReturnType<typeof createGuard>

/** A field of a form, as text. */
export async function fieldOf(context: Context, name: string): Promise<string> {
  const form = await context.req.parseBody()
  const value = form[name]
  return typeof value === 'string' ? value : ''
}
