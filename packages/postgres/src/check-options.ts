import { ledgerError } from 'escrow-ledger'

/** Timers of the platform take no more, and the server's time-outs no more either. */
const LONGEST_MS = 2 ** 31 - 1

/**
 * Throws `invalid_input` for a time that is no whole number of milliseconds, one at least: to PostgreSQL a time-out of
 * zero is none, and then somebody could hang.
 */
export function checkTimes(times: Readonly<Record<string, number>>): void {
  const issues = Object.entries(times)
    .filter(([, ms]) => !Number.isInteger(ms) || ms < 1 || ms > LONGEST_MS)
    .map(([path, ms]) => ({
      path,
      message: `must be a whole number of milliseconds from 1 to ${LONGEST_MS}, not ${ms}`,
    }))
  if (issues.length === 0) return
  const told = issues.map(({ path, message }) => `${path} ${message}`).join('; ')
  throw ledgerError('invalid_input', `The input is not valid: ${told}.`, { issues })
}
