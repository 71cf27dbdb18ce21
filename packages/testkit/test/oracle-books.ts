import {
  createOracle,
  type OracleCommandName,
  type OracleEntry,
  type OracleOptions,
  type OracleResult,
} from '../src/index.js'

const decimals: Readonly<Record<string, number>> = { INR: 2, USD: 2, JPY: 0, KWD: 3 }

export const HOUR = 60 * 60 * 1000
/** 2026-11-02T09:00:00Z, when every test begins. */
export const START = Date.UTC(2026, 10, 2, 9)

/** An amount in minor units as people write it. */
function written(minor: bigint, currency: string): string {
  const places = decimals[currency] ?? 2
  const digits = minor.toString().padStart(places + 1, '0')
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`
}

/** An entry on one line: `kind: debits / credits`. */
function shown({ kind, lines }: OracleEntry): string {
  const side = (sign: bigint) =>
    lines
      .filter(([, , signed]) => signed * sign > 0n)
      .map(([code, currency, signed]) => `${code} ${written(signed * sign, currency)}`)
      .join(', ')
  return `${kind}: ${side(1n)} / ${side(-1n)}`
}

/** An oracle whose clock the test turns, with shorthand for what every test does. */
export function openBooks(options: Partial<OracleOptions> = {}) {
  const clock = { now: START }
  const oracle = createOracle({ now: () => clock.now, ...options })

  const apply = (command: OracleCommandName, input: object, idempotencyKey?: string): OracleResult =>
    oracle.apply({ command, input: input as Record<string, unknown>, idempotencyKey })

  return {
    clock,
    oracle,
    apply,
    /** Applies a command that must succeed, and shows what it posted. */
    posts(command: OracleCommandName, input: object, idempotencyKey?: string): readonly string[] {
      const result = apply(command, input, idempotencyKey)
      if (!result.ok) throw new Error(`${command} was refused: ${result.code}`)
      return result.entries.map(shown)
    },
    /** Applies a command, and answers with its refusal's code or `ok`. */
    code(command: OracleCommandName, input: object, idempotencyKey?: string): string {
      const result = apply(command, input, idempotencyKey)
      return result.ok ? 'ok' : result.code
    },
    balance(code: string, currency = 'INR'): string {
      return written(oracle.balances().get(`${currency}:${code}`) ?? 0n, currency)
    },
  }
}

export const inr = (amount: string) => ({ amount, currency: 'INR' })
