import { ledgerError } from 'escrow-ledger'

/**
 * Throws `invalid_input` unless one of the options that say where the books are can be used: one of `objects`, which the
 * host opened, or else `text`, which is not empty. A driver that is given nothing opens a database all the same, one that
 * is gone when the process ends or that belongs to somebody else.
 */
export function checkSource(
  options: object,
  { objects, text }: { readonly objects: readonly string[]; readonly text: string },
): void {
  const values = new Map<string, unknown>(Object.entries(options))
  const given = objects.find((name) => name in options)
  if (given !== undefined) {
    const value = values.get(given)
    if (value !== null && (typeof value === 'object' || typeof value === 'function')) return
    refuse(given, `must be what the host opened, not ${value === null ? 'null' : typeof value}`)
  }
  const named = values.get(text)
  if (typeof named === 'string' && named.trim() !== '') return
  refuse(text, `must be a text that is not empty, unless ${objects.join(' or ')} is given`)
}

function refuse(path: string, message: string): never {
  throw ledgerError('invalid_input', `The input is not valid: ${path} ${message}.`, { issues: [{ path, message }] })
}
