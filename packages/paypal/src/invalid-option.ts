import { ledgerError } from 'escrow-ledger'

/** An option, or an id that a caller gave, that makes no sense: `invalid_input`. */
export function invalidOption(path: string, message: string) {
  return ledgerError('invalid_input', `The input is not valid: ${path} ${message}.`, { issues: [{ path, message }] })
}
