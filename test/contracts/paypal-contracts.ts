import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { LoggedExchange } from '@escrow-ledger/sandbox'
import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import { findOperation, type OpenApiDocument, type Parameter, resolve, type Schema } from './openapi-document.js'
import { isDeviation } from './paypal-deviations.js'
import { undeclaredFields } from './undeclared-fields.js'

const folder = new URL('../../../shared/contracts/paypal/', import.meta.url)
const isPresent = existsSync(folder)

/** Which is part of the names of the tests that need PayPal's documents. */
export const presence = isPresent ? '' : ' (skipped: ../shared/contracts is not there)'

const documents: readonly OpenApiDocument[] = isPresent
  ? readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => withoutWording(JSON.parse(readFileSync(new URL(name, folder)).toString())) as OpenApiDocument)
  : []

/** PayPal says that descriptions of errors may change and must not be relied on, and yet lists the present ones. */
function withoutWording(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(withoutWording)
  if (typeof given !== 'object' || given === null) return given
  const { properties } = given as { properties?: Record<string, unknown> }
  const isDetail = properties?.issue !== undefined && properties.description !== undefined
  const known = isDetail ? { ...given, properties: { ...properties, description: { type: 'string' } } } : given
  return Object.fromEntries(Object.entries(known).map(([key, value]) => [key, withoutWording(value)]))
}

/**
 * What is wrong, by PayPal's own documents, with a request and its answer: null for an address that they do not have, or
 * the list of faults. A field that a document does not declare is one of them.
 */
export function checkPayPalExchange(exchange: LoggedExchange): string[] | null {
  const { pathname, searchParams } = new URL(exchange.url, 'http://sandbox')
  for (const document of documents) {
    const operation = findOperation(document, exchange.method, pathname)
    if (operation === undefined) continue
    const parameters = (operation.parameters ?? []).map((each) => resolve<Parameter>(document, each as Parameter))
    const found = [
      ...checkParameters(document, parameters, exchange, searchParams),
      ...checkRequest(document, operation, exchange),
      ...checkAnswer(document, operation, exchange),
    ]
    return found.filter((fault) => !isDeviation(exchange, fault))
  }
  return null
}

type Found = NonNullable<ReturnType<typeof findOperation>>

function checkParameters(
  document: OpenApiDocument,
  parameters: readonly Parameter[],
  { headers }: LoggedExchange,
  query: URLSearchParams,
): string[] {
  const unknown = [...query.keys()]
    .filter((name) => !parameters.some((each) => each.in === 'query' && each.name === name))
    .map((name) => `the query has ${name}, which is not known`)
  const wrong = parameters.flatMap((parameter) => {
    const given = parameter.in === 'header' ? headers[parameter.name.toLowerCase()] : query.get(parameter.name)
    if (parameter.in === 'path') return []
    if (given === undefined || given === null) return parameter.required ? [`${parameter.name} is missing`] : []
    const { type } = resolve<Schema>(document, parameter.schema)
    const value = type === 'integer' ? Number(given) : type === 'boolean' ? given === 'true' : given
    return faults(document, parameter.schema, value).map((fault) => `${parameter.name} ${fault}`)
  })
  return [...unknown, ...wrong]
}

function checkRequest(document: OpenApiDocument, operation: Found, { headers, body }: LoggedExchange): string[] {
  const isJson = String(headers['content-type'] ?? 'application/json').includes('json')
  if (operation.requestBody === undefined || body === '' || !isJson) return []
  const { content } = resolve<{ content: Record<string, { schema?: Schema }> }>(
    document,
    operation.requestBody as never,
  )
  const schema = content['application/json']?.schema
  return schema === undefined ? [] : checkBody(document, schema, body, 'request')
}

function checkAnswer(document: OpenApiDocument, operation: Found, { answer, fault }: LoggedExchange): string[] {
  if (answer === undefined || fault !== undefined) return []
  const declared = operation.responses[answer.status] ?? operation.responses.default
  if (declared === undefined) return [`status ${answer.status} is not declared`]
  const { content } = resolve<{ content?: Record<string, { schema?: Schema }> }>(document, declared as never)
  const schema = content?.['application/json']?.schema
  if (schema === undefined) return answer.status < 300 && answer.body !== '' ? ['the answer has a body'] : []
  return checkBody(document, schema, answer.body, `answer ${answer.status}`)
}

function checkBody(document: OpenApiDocument, schema: Schema, body: string, name: string): string[] {
  const value: unknown = JSON.parse(body)
  return [
    ...faults(document, schema, value).map((fault) => `${name} ${fault}`),
    ...undeclaredFields(document, schema, value).map((field) => `${name} ${field} is not declared`),
  ]
}

const compiled = new Map<Schema, ValidateFunction>()
const validators = new Map<OpenApiDocument, Ajv>()

function faults(document: OpenApiDocument, schema: Schema, value: unknown): string[] {
  const validate = compiled.get(schema) ?? validatorOf(document).compile({ ...schema, components: document.components })
  compiled.set(schema, validate)
  if (validate(value)) return []
  const errors = validate.errors ?? []
  // What each of many alternatives has against a value says less than that none of them takes it.
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')
  return errors
    .filter(
      (each) => choices.includes(each) || !choices.some(({ schemaPath }) => each.schemaPath.startsWith(schemaPath)),
    )
    .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`.trim())
}

/** Some patterns have a dash in the middle of a class, which is meant as a dash. */
const regExp = Object.assign(
  (pattern: string) => {
    try {
      return new RegExp(pattern)
    } catch {
      return new RegExp(pattern.replaceAll('_-.', '_\\-.'))
    }
  },
  { code: 'new RegExp' },
)

/** References in a document are to its own components, so each has a validator of its own. */
function validatorOf(document: OpenApiDocument): Ajv {
  const known = validators.get(document)
  if (known !== undefined) return known
  const ajv = new Ajv({ strict: false, validateSchema: false, logger: false, allErrors: true, code: { regExp } })
  formats.default(ajv)
  validators.set(document, ajv)
  return ajv
}
