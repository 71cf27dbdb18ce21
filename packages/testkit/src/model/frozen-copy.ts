/**
 * A copy of plain data that nobody can change: what is kept does not move under whoever wrote it or read it. As in a
 * database, what is undefined is left out, and what has a wire form (`toJSON`, such as money) is kept in that form.
 */
export function frozenCopy<Value>(value: Value): Value {
  return copyOf(value) as Value
}

function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return value.slice()
  if ('toJSON' in value && typeof value.toJSON === 'function') return copyOf(value.toJSON())
  if (Array.isArray(value)) return Object.freeze(value.map(copyOf))
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return Object.freeze(Object.fromEntries(fields.map(([name, field]) => [name, copyOf(field)])))
}
