/** Seconds since it was started. */
export function stopwatch(): () => number {
  const started = performance.now()
  return () => (performance.now() - started) / 1_000
}
