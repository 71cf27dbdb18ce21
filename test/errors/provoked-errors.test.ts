import {
  ConflictError,
  errorCodes,
  InternalError,
  InvalidRequestError,
  LedgerError,
  NotFoundError,
  UnavailableError,
} from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { openLedger } from '../fixtures/open-ledger.js'
import { dump } from '../fixtures/whole-database.js'
import { bugs } from './cases/bugs.js'
import { conflictsOfAccounts } from './cases/conflicts-of-accounts.js'
import { conflictsOfEscrows } from './cases/conflicts-of-escrows.js'
import { conflictsOfMovements } from './cases/conflicts-of-movements.js'
import { conflictsOfPayments } from './cases/conflicts-of-payments.js'
import { conflictsOfTransfers } from './cases/conflicts-of-transfers.js'
import { invalidRequests } from './cases/invalid-requests.js'
import { nothingByThatName } from './cases/nothing-by-that-name.js'
import { tryAgainLater } from './cases/try-again-later.js'
import { documentedErrors } from './documented-errors.js'
import type { RefusedCall } from './refused-call.js'

const calls: readonly RefusedCall[] = [
  ...invalidRequests,
  ...nothingByThatName,
  ...conflictsOfAccounts,
  ...conflictsOfEscrows,
  ...conflictsOfPayments,
  ...conflictsOfTransfers,
  ...conflictsOfMovements,
  ...tryAgainLater,
  ...bugs,
]

const classes = {
  invalid: InvalidRequestError,
  not_found: NotFoundError,
  conflict: ConflictError,
  unavailable: UnavailableError,
  internal: InternalError,
}

/** Codes that no call of the public interface ends with. */
const unreachable: readonly string[] = [
  // Passes between dispatching workers: whoever loses an instruction leaves it to the other.
  'lease_lost',
]

async function refusalOf(call: () => unknown): Promise<LedgerError> {
  try {
    await call()
  } catch (error) {
    if (error instanceof LedgerError) return error
    throw error
  }
  throw new Error('the call was not refused')
}

/** Ids of entries differ from run to run. */
const withoutIds = (message: string) => message.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')

describe('a refused call', () => {
  test.each(calls)('$code: $says', async ({ code, open, given, call, says, facts = {} }) => {
    const opened = await openLedger(open)
    await given?.(opened)
    const before = dump(opened.database)
    const error = await refusalOf(() => call(opened))
    expect(withoutIds(error.message)).toBe(says)

    const { kind, retryable } = errorCodes[code]
    expect({ code: error.code, kind: error.kind, retryable: error.retryable }).toEqual({ code, kind, retryable })
    expect(error).toBeInstanceOf(classes[kind])
    const { code: _code, kind: _kind, retryable: _retryable, name, ...own } = { ...error }
    expect(name).toBe(classes[kind].name)
    expect(own).toEqual(facts)
    expect(Object.keys(own).sort()).toEqual(documentedErrors().get(code)?.facts.toSorted())
    expect(dump(opened.database)).toEqual(before)
  })

  test('can end with every code, but for those that are never told', () => {
    const provoked = new Set<string>(calls.map(({ code }) => code))
    expect(Object.keys(errorCodes).filter((code) => !provoked.has(code))).toEqual(unreachable)
  })
})
