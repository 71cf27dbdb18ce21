/** Whether a pattern (`*`, `payouts.*` or a whole id) covers an operation. */
export function covers(pattern: string, operation: string): boolean {
  return (
    pattern === '*' || pattern === operation || (pattern.endsWith('.*') && operation.startsWith(pattern.slice(0, -1)))
  )
}
