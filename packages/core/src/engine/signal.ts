import { shown } from '../money/index.js'

/** What makes something unfit to be a signal, or null. By what is used of it: there are others than the platform's. */
export function signalProblem(given: unknown): string | null {
  const { aborted, addEventListener } = (given ?? {}) as Partial<AbortSignal>
  if (typeof aborted === 'boolean' && typeof addEventListener === 'function') return null
  return `must be an AbortSignal, not ${shown(given)}`
}
