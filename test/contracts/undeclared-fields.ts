import { type OpenApiDocument, resolve, type Schema } from './openapi-document.js'

/** Pointers to the fields of a value that its schema does not know. An object without any declared fields is free. */
export function undeclaredFields(document: OpenApiDocument, given: Schema, value: unknown, at = ''): string[] {
  if (Array.isArray(value)) {
    const items = alternatives(document, given).flatMap(({ items }) => items ?? [])
    return value.flatMap((each, index) =>
      items.length === 0 ? [] : undeclaredFields(document, { anyOf: items }, each, `${at}/${index}`),
    )
  }
  if (typeof value !== 'object' || value === null) return []
  const declared = new Map<string, Schema[]>()
  for (const { properties = {} } of alternatives(document, given)) {
    for (const [name, schema] of Object.entries(properties)) declared.set(name, [...(declared.get(name) ?? []), schema])
  }
  if (declared.size === 0) return []
  return Object.entries(value).flatMap(([name, each]) => {
    const schemas = declared.get(name)
    if (schemas === undefined) return each === undefined ? [] : [`${at}/${name}`]
    return undeclaredFields(document, { anyOf: schemas }, each, `${at}/${name}`)
  })
}

/** A schema and all that it is made of. */
function alternatives(document: OpenApiDocument, given: Schema): Schema[] {
  const schema = resolve<Schema>(document, given as Schema)
  const parts = [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  return [schema, ...parts.flatMap((part) => alternatives(document, part))]
}
