/** What stands at a path of a JSON value; undefined where nothing does. */
export function valueAt(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined
    found = (found as Record<string | number, unknown>)[key]
  }
  return found
}

/** The text at a path; null where there is none, or an empty one. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string | null {
  const found = valueAt(value, ...path)
  return typeof found === 'string' && found !== '' ? found : null
}

/** The list at a path; empty where there is none. */
export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = valueAt(value, ...path)
  return Array.isArray(found) ? found : []
}

/** The same as `textAt`, of what an answer must have: throws where it has not, so that nothing is made of it. */
export function requiredText(value: unknown, ...path: readonly (string | number)[]): string {
  const found = textAt(value, ...path)
  if (found !== null) return found
  throw new Error(`the answer of PayPal has no ${path.join('.')}`)
}

/** The instant at a path, in milliseconds since 1970; undefined where there is none. PayPal writes some with an offset. */
export function instantAt(value: unknown, ...path: readonly (string | number)[]): number | undefined {
  const at = Date.parse((textAt(value, ...path) ?? '').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  return Number.isNaN(at) ? undefined : at
}

/** The address of the link of that name in the `links` of a resource; null where there is none. */
export function linkOf(resource: unknown, rel: string): string | null {
  return textAt(
    listAt(resource, 'links').find((link) => textAt(link, 'rel') === rel),
    'href',
  )
}
