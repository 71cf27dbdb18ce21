import { Problem } from '../problem.js'
import type { Route } from '../route.js'

export interface Found {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

interface Pattern {
  readonly route: Route
  readonly segments: readonly string[]
}

/** What may be asked of a path, for whoever asks just that. Browsers of other origins are the host's to let in. */
export class Allowed {
  constructor(readonly methods: string) {}
}

/** Finds the route of a method and a path below the base path. Throws 404 and 405, and `Allowed` for OPTIONS. */
export function createRouter(routes: readonly Route[], basePath: string) {
  const patterns: readonly Pattern[] = routes.map((route) => ({ route, segments: segmentsOf(route.path) }))
  const base = segmentsOf(basePath)

  return function find(method: string, pathname: string): Found {
    const segments = segmentsOf(pathname)
    if (!base.every((segment, index) => segments[index] === segment)) throw notFound()
    const rest = segments.slice(base.length)
    const fitting = patterns.flatMap(({ route, segments: pattern }) => {
      const params = match(pattern, rest)
      return params === null ? [] : [{ route, params, fixed: pattern.filter((each) => !isParameter(each)).length }]
    })
    if (fitting.length === 0) throw notFound()
    const wanted = method === 'HEAD' ? 'GET' : method
    // `/payouts/request` is a route of its own beside `/payouts/{id}`.
    const [found] = fitting.filter(({ route }) => route.method === wanted).sort((a, b) => b.fixed - a.fixed)
    if (found) return { route: found.route, params: found.params }
    const methods = new Set<string>(fitting.map(({ route }) => route.method))
    const allow = [...methods, ...(methods.has('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')
    if (method === 'OPTIONS') throw new Allowed(allow)
    throw new Problem(405, 'method_not_allowed', `This path takes ${allow}.`, { headers: { allow } })
  }
}

const notFound = () =>
  new Problem(404, 'route_not_found', 'There is no such path. GET /openapi.json tells which there are.')

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '')
}

const isParameter = (segment: string) => segment.startsWith('{')

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | null {
  if (pattern.length !== segments.length) return null
  const params: Record<string, string> = {}
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? ''
    if (!isParameter(part)) {
      if (part !== segment) return null
      continue
    }
    const decoded = decode(segment)
    if (decoded === null) return null
    params[part.slice(1, -1)] = decoded
  }
  return params
}

function decode(segment: string): string | null {
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}
