export { type AuthenticityProblem, authenticityProblems } from './authenticity.js'
export { type ErrorCode, type ErrorKind, errorCodes } from './codes.js'
export {
  ConflictError,
  type ErrorFacts,
  type InputIssue,
  InternalError,
  InvalidRequestError,
  invariant,
  LedgerError,
  ledgerError,
  NotFoundError,
  UnavailableError,
} from './ledger-error.js'
