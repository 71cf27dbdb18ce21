import { z } from 'zod'
import { access, type GuardedOperation } from './access.js'
import { refusalRef, refusalResponses, statusesOf } from './openapi/problems.js'
import { isGuarded } from './pipeline/authorise.js'
import { problemSchema } from './problem.js'
import type { Route } from './route.js'

interface DocumentOptions {
  readonly basePath: string
  /** Where clients reach the routes; the base path unless it is given. */
  readonly servers?: readonly string[] | undefined
  readonly title?: string | undefined
  readonly version?: string | undefined
}

type Json = Readonly<Record<string, unknown>>

/** The OpenAPI 3.1 document of routes, made from the schemas that check requests. */
export function openapiOf(routes: readonly Route[], options: DocumentOptions): object {
  const { basePath, servers = [basePath], title = 'Escrow Ledger', version = '0.1.0' } = options
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
    servers: servers.map(serverOf),
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: named,
      responses: refusalResponses(),
      parameters: headerParameters,
      headers: answerHeaders,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
      },
    },
  }
}

/** An entry of `servers`. */
export const serverOf = (url: string) => ({ url: url === '' ? '/' : url })

const headerParameters = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: true,
    description: 'One of your own for each thing that you mean to do; the same again gives the first result again.',
    schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,200}$' },
    example: 'complete:session-42',
  },
  RequestId: {
    name: 'X-Request-Id',
    in: 'header',
    required: false,
    description: 'Your own id of the request, which the logs and the answer bear then; one is made unless it is given.',
    schema: { type: 'string', pattern: '^[A-Za-z0-9._-]{8,64}$' },
  },
}

const answerHeaders = {
  'X-Request-Id': { description: 'The id under which the logs have the request.', schema: { type: 'string' } },
  'Idempotency-Replayed': {
    description: 'There where this is the first result of a key, given again.',
    schema: { type: 'string', enum: ['true'] },
  },
}
const answerHeader = (name: keyof typeof answerHeaders) => ({ [name]: { $ref: `#/components/headers/${name}` } })

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
          ...answerHeader('X-Request-Id'),
          ...(movesMoney ? answerHeader('Idempotency-Replayed') : {}),
        },
        content: { 'application/json': { schema: schemaOf(answer, 'output', named) } },
      },
      ...Object.fromEntries(statusesOf(route, guarded).map((status) => [status, refusalRef(status)])),
    },
    security: guarded ? [{ bearer: [] }, { apiKey: [] }] : [],
    'x-access': guarded ? access[operation as GuardedOperation] : raw === true ? 'signature' : 'anybody',
  }
}

function parametersOf({ params, query, movesMoney }: Route, named: Named): readonly Json[] {
  const key = { $ref: '#/components/parameters/IdempotencyKey' }
  const requestId = { $ref: '#/components/parameters/RequestId' }
  return [
    ...fieldsOf(params, 'path', named),
    ...fieldsOf(query, 'query', named),
    ...(movesMoney ? [key] : []),
    requestId,
  ]
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
