export const exitCodes = { done: 0, failed: 1, rowsRefused: 2, booksDeviate: 3, leftUndone: 4 } as const

/** What there is to say about a run that came to its end; of several things the gravest is said. */
export function exitCodeOf({ ok, refused, left }: { ok: boolean; refused: number; left: number }): number {
  if (!ok) return exitCodes.booksDeviate
  if (refused > 0) return exitCodes.rowsRefused
  return left > 0 ? exitCodes.leftUndone : exitCodes.done
}
