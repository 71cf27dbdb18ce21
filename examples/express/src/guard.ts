import { type Authenticate, Problem } from '@escrow-ledger/http'
import type { Request as ExpressRequest, NextFunction, Response } from 'express'
import { PageProblem } from './page-problem.js'
import { findPerson, type Person } from './people.js'

/** A page's handler, told who asks. */
type Act = (person: Person, req: ExpressRequest, res: Response) => Promise<void>

/** Pages for people in one role: others are sent to log in, or refused. */
export function createGuard(authenticate: Authenticate) {
  return (role: Person['role'], act: Act) => async (req: ExpressRequest, res: Response) => {
    const person = await personOf(authenticate, req)
    if (!person) return res.redirect(303, '/login')
    if (person.role !== role) throw new PageProblem(403, `This page is not for ${person.name}.`)
    await act(person, req, res)
  }
}

export type Guard = ReturnType<typeof createGuard>

/** Who asks, by the cookie; nobody where it has expired or an earlier process signed it. */
export async function personOf(authenticate: Authenticate, req: ExpressRequest): Promise<Person | null> {
  const headers = { cookie: req.get('cookie') ?? '' }
  try {
    const principal = await authenticate(new Request('http://localhost/', { headers }))
    return principal ? findPerson(principal.id) : null
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null
    throw error
  }
}

/**
 * Refuses forms that were sent from another site. The cookie is `SameSite` as well, but for a browser every port of this
 * machine is the same site.
 */
export function refuseOtherSites(req: ExpressRequest, _res: Response, next: NextFunction): void {
  const origin = req.get('origin')
  if (origin !== undefined && origin !== `${req.protocol}://${req.get('host')}`) {
    throw new PageProblem(403, 'Forms of other sites are not taken.')
  }
  next()
}
