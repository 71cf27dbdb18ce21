import { LedgerError } from 'escrow-ledger'
import { access, type GuardedOperation, type OperationId } from '../access.js'
import { covers } from '../covers.js'
import type { Principal } from '../principal.js'
import { Problem } from '../problem.js'
import type { Call, Owner, Route } from '../route.js'

export function isGuarded(operation: OperationId): operation is GuardedOperation {
  return Object.hasOwn(access, operation)
}

/** Throws 403 unless one of the principal's roles may do such a thing at all, and its scopes allow it. */
export function checkRole(operation: GuardedOperation, principal: Principal): void {
  if (principal.scopes && !principal.scopes.some((scope) => covers(scope, operation))) {
    throw new Problem(403, 'out_of_scope', `These credentials are not meant for ${operation}.`)
  }
  if (principal.roles.some((role) => access[operation][role] !== 'none')) return
  throw new Problem(403, 'forbidden', `Nobody in the role of ${principal.roles.join(', ') || 'nobody'} may do this.`)
}

/**
 * Throws unless the thing that is named is the principal's own, or it may do so with anybody's. What is somebody else's is
 * answered as if it were not there.
 */
export async function checkOwner(route: Route, operation: GuardedOperation, call: Call): Promise<void> {
  const { principal } = call
  if (!principal) throw new Error('an operation is guarded and nobody is known')
  if (principal.roles.some((role) => access[operation][role] === 'any')) return
  const owners = await ownersOf(route, call)
  if (owners.some((owner) => isOwn(owner, operation, principal))) return
  throw new Problem(404, 'not_found', 'There is nothing by that name.')
}

async function ownersOf(route: Route, call: Call): Promise<readonly Owner[]> {
  try {
    return route.owners ? await route.owners(call) : []
  } catch (error) {
    if (error instanceof LedgerError && error.kind === 'not_found') return []
    throw error
  }
}

function isOwn({ role, id }: Owner, operation: GuardedOperation, principal: Principal): boolean {
  return id === principal.id && principal.roles.includes(role) && access[operation][role] === 'own'
}
