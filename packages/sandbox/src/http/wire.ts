/** The same as JSON can say it: big integers are decimal texts, functions are left out. */
export function toWire(given: unknown): unknown {
  if (typeof given === 'bigint') return String(given)
  if (Array.isArray(given)) return given.map(toWire)
  if (typeof given !== 'object' || given === null) return given
  return Object.fromEntries(
    Object.entries(given)
      .filter(([, value]) => typeof value !== 'function')
      .map(([key, value]) => [key, toWire(value)]),
  )
}
