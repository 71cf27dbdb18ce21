import { ledgerError } from 'escrow-ledger'

/**
 * Throws `invalid_input` unless exactly one of the options that say where the books are is there: the first, a text that
 * is not empty, or one of the others, an object of the host's. A driver that is given nothing opens a database all the
 * same, one that is gone when the process ends or that belongs to somebody else.
 */
export function checkSource(options: object, [text, ...others]: readonly [string, ...string[]]): void {
  const [given = text, ...more] = [text, ...others].filter((name) => name in options)
  const value = (options as Record<string, unknown>)[given]
  if (more.length > 0) refuse(given, `cannot be given together with ${more.join(' and ')}`)
  if (given === text && (typeof value !== 'string' || value.trim() === '')) {
    refuse(text, `must be a text that is not empty, unless ${others.join(' or ')} is given`)
  }
  if (given !== text && (value === null || (typeof value !== 'object' && typeof value !== 'function'))) {
    refuse(given, `must be what the host opened, not ${value === null ? 'null' : typeof value}`)
  }
}

function refuse(path: string, message: string): never {
  throw ledgerError('invalid_input', `The input is not valid: ${path} ${message}.`, { issues: [{ path, message }] })
}
