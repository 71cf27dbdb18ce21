interface Route {
  readonly method: string
  readonly path: string
}

export interface Match<R extends Route> {
  readonly route: R
  readonly params: Readonly<Record<string, string>>
}

/**
 * Finds the route for a method and path; a slash at the end makes no difference. A part spelled out wins over one with a
 * name: `/refunds/all` over `/refunds/:id`.
 */
export function createRouter<R extends Route>(routes: readonly R[]) {
  const known = routes
    .map((route) => ({ route, parts: route.path.split('/') }))
    .sort((a, b) => namedParts(a.parts) - namedParts(b.parts))
  return (method: string, path: string): Match<R> | undefined => {
    const given = path.replace(/(?<=.)\/$/, '').split('/')
    for (const { route, parts } of known) {
      if (route.method !== method) continue
      const params = matchParts(parts, given)
      if (params) return { route, params }
    }
    return undefined
  }
}

const namedParts = (parts: readonly string[]): number => parts.filter((part) => part.startsWith(':')).length

function matchParts(parts: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  if (parts.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, part] of parts.entries()) {
    const value = given[index] ?? ''
    if (!part.startsWith(':')) {
      if (part !== value) return undefined
      continue
    }
    const decoded = decodePart(value)
    if (!decoded) return undefined
    params[part.slice(1)] = decoded
  }
  return params
}

const decodePart = (value: string): string | undefined => {
  try {
    return decodeURIComponent(value)
  } catch {
    return undefined
  }
}
