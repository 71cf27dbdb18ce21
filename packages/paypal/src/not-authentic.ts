import { type AuthenticityProblem, ledgerError } from 'escrow-ledger'

export function notAuthentic(problem: AuthenticityProblem, message: string, options?: ErrorOptions) {
  return ledgerError('not_authentic', message, { gateway: 'paypal', problem }, options)
}
