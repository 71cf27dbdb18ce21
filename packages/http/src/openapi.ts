import { z } from 'zod'
import { access, type GuardedOperation } from './access.js'
import { isGuarded } from './pipeline/authorise.js'
import { problemSchema } from './problem.js'
import type { Route } from './route.js'

interface DocumentOptions {
  readonly basePath: string
  readonly title?: string | undefined
  readonly version?: string | undefined
}

type Json = Readonly<Record<string, unknown>>

/** The OpenAPI 3.1 document of routes, made from the schemas that check requests. */
export function openapiOf(routes: readonly Route[], options: DocumentOptions): object {
  const { basePath, title = 'Escrow Ledger', version = '0.1.0' } = options
  const paths: Record<string, Record<string, Json>> = {}
  const named: Named = { Problem: schemaOf(problemSchema, 'output', {}) }
  for (const route of routes) {
    const path = paths[route.path] ?? {}
    paths[route.path] = { ...path, [route.method.toLowerCase()]: operationOf(route, named) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title,
      version,
      description: 'Holds, splits, refunds, disputes and payouts of a marketplace, kept by double entry.',
    },
    servers: [{ url: basePath === '' ? '/' : basePath }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: named,
      responses: { Problem: { description: 'A problem of RFC 9457.', content: problemContent } },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
      },
    },
  }
}

const problemContent = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }
const refused = { $ref: '#/components/responses/Problem' }

/** The schemas that have a name, each written once under `components`. */
type Named = Record<string, Json>

/** A schema in the document's terms; what of it has a name goes among the named ones. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', named: Named): Json {
  const made = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' })
  const { $schema: _, $defs = {}, id, ...own } = rewritten(made) as Json & { $defs?: Named; id?: string }
  for (const [name, { id: __, ...definition }] of Object.entries($defs)) named[name] = definition
  if (id === undefined) return own
  named[id] = own
  return { $ref: `#/components/schemas/${id}` }
}

function rewritten(made: object): unknown {
  return JSON.parse(JSON.stringify(made).replaceAll('"#/$defs/', '"#/components/schemas/'))
}

function operationOf(route: Route, named: Named): Json {
  const { operation, summary, description, tag, answer, movesMoney, body, raw } = route
  const guarded = isGuarded(operation)
  const created = ['sessions.open', 'payments.createOrder', 'payouts.request'].includes(operation)
  const statuses = [
    '400',
    ...(guarded ? ['401', '402', '403'] : []),
    '404',
    ...(route.method === 'POST' ? ['409', '413', '422'] : []),
    '429',
    '503',
  ]
  return {
    operationId: operation,
    summary,
    ...(description === undefined ? {} : { description }),
    tags: [tag],
    parameters: parametersOf(route, named),
    ...(body
      ? { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input', named) } } } }
      : {}),
    ...(raw === true
      ? {
          requestBody: { required: true, description: 'The bytes as the gateway signed them.', content: { '*/*': {} } },
        }
      : {}),
    responses: {
      [created ? '201' : '200']: {
        description: 'Done.',
        headers: {
          'X-Request-Id': { schema: { type: 'string' } },
          ...(movesMoney ? { 'Idempotency-Replayed': { schema: { type: 'string', enum: ['true'] } } } : {}),
        },
        content: { 'application/json': { schema: schemaOf(answer, 'output', named) } },
      },
      ...Object.fromEntries(statuses.map((status) => [status, refused])),
    },
    security: guarded ? [{ bearer: [] }, { apiKey: [] }] : [],
    ...(guarded ? { 'x-access': access[operation as GuardedOperation] } : {}),
  }
}

function parametersOf({ params, query, movesMoney }: Route, named: Named): readonly Json[] {
  const key = {
    name: 'Idempotency-Key',
    in: 'header',
    required: true,
    description: 'One of your own for each thing that you mean to do; the same again gives the first result again.',
    schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,200}$' },
  }
  return [...fieldsOf(params, 'path', named), ...fieldsOf(query, 'query', named), ...(movesMoney ? [key] : [])]
}

function fieldsOf(schema: z.ZodType | undefined, where: 'path' | 'query', named: Named): readonly Json[] {
  if (!schema) return []
  const { properties = {}, required = [] } = schemaOf(schema, 'input', named) as {
    properties?: Record<string, Json>
    required?: readonly string[]
  }
  return Object.entries(properties).map(([name, of]) => {
    const { description, ...rest } = of
    return {
      name,
      in: where,
      required: required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema: rest,
    }
  })
}
