/** As much of an OpenAPI 3.0 document as is read here. */
export interface OpenApiDocument {
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

interface OpenApiOperation {
  readonly parameters?: readonly (Parameter | Reference)[]
  readonly requestBody?: RequestBody | Reference
  readonly responses: Readonly<Record<string, Response | Reference>>
}

export interface Parameter {
  readonly name: string
  readonly in: 'query' | 'header' | 'path'
  readonly required?: boolean
  readonly schema: Schema
}

interface RequestBody {
  readonly content: Content
}

interface Response {
  readonly content?: Content
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>

export interface Reference {
  readonly $ref: string
}

export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly allOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
}

/** What a reference within a document stands for, or the thing itself. */
export function resolve<Thing extends object>(document: OpenApiDocument, given: Thing | Reference): Thing {
  let thing = given as Thing & Partial<Reference>
  while (thing.$ref !== undefined) {
    const [, , kind = '', name = ''] = thing.$ref.split('/')
    const found = document.components[kind]?.[name]
    if (found === undefined) throw new Error(`The document has no ${thing.$ref}.`)
    thing = found as Thing & Partial<Reference>
  }
  return thing
}

/** The operation that a request is for: the address spelled out wins over one with parameters. */
export function findOperation(document: OpenApiDocument, method: string, path: string) {
  const base = document.servers.map(({ url }) => new URL(url).pathname.replace(/\/$/, ''))[0] ?? ''
  const templates = Object.keys(document.paths).sort((a, b) => a.split('{').length - b.split('{').length)
  for (const template of templates) {
    const pattern = new RegExp(`^${base}${template.replace(/\{[^}]+\}/g, '[^/]+')}$`)
    const operation = document.paths[template]?.[method.toLowerCase()]
    if (operation !== undefined && pattern.test(path)) return operation
  }
  return undefined
}
