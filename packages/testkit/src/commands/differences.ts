import { isDeepStrictEqual } from 'node:util'
import type { EscrowView } from 'escrow-ledger'
import type { OracleEscrow, OracleResult } from '../oracle/index.js'
import type { Called } from './call-ledger.js'
import { type ToldEntry, toldByLedger, toldByOracle } from './told.js'

/** What differs, in words; nothing where all is as predicted. */
export type Differences = readonly string[]

export function differ(what: string, expected: unknown, found: unknown): Differences {
  return isDeepStrictEqual(expected, found) ? [] : [`${what}: expected ${shown(expected)}, found ${shown(found)}`]
}

export const shown = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `${each}` : each)) ?? 'nothing'

/** The oracle's answer to a command beside a ledger's. */
export function compareAnswers(expected: OracleResult, found: Called): Differences {
  if (!expected.ok || !found.ok) {
    const because = found.ok ? '' : ` (${found.message})`
    return differ('result', codeOf(expected), codeOf(found)).map((difference) => difference + because)
  }
  return [
    ...(found.replayed === undefined ? [] : differ('replayed', expected.replayed, found.replayed)),
    ...differ('excess', expected.excess ?? 0n, found.excess ?? 0n),
    ...compareEntries(expected.entries.map(toldByOracle), found.entries.map(toldByLedger)),
  ]
}

export const codeOf = (result: { readonly ok: true } | { readonly ok: false; readonly code: string }): string =>
  result.ok ? 'ok' : result.code

function compareEntries(expected: readonly ToldEntry[], found: readonly ToldEntry[]): Differences {
  const count = Math.max(expected.length, found.length)
  return Array.from({ length: count }, (_, index) => differ(`entry ${index}`, expected[index], found[index])).flat()
}

/** The oracle's view of an escrow beside a ledger's. */
export function compareEscrows(id: string, expected: OracleEscrow, found: EscrowView): Differences {
  return differ(`escrow ${id}`, factsOfOracle(expected), factsOfLedger(found))
}

/** When nothing is held nothing is due, whatever the times say. */
function factsOfOracle(view: OracleEscrow) {
  const { status, amount, funded, held, frozen, released, refunded, disputes, parties, releases, attempt } = view
  return {
    status,
    amounts: { amount, funded, held, frozen, released, refunded },
    times: [view.openedAt, view.fundedAt, view.deliveredAt, view.completedAt, view.cancelledAt].map((at) => at ?? null),
    dueAt: held > 0n ? (view.dueAt ?? null) : null,
    releases: releases.length,
    parties: Object.fromEntries(parties),
    deductions: deductionsOf(releases),
    disputes: disputes.map(({ id, amount: disputed, resolvedAt }) => [id, disputed, resolvedAt ?? null]),
    attempt: attempt ? [attempt.count, attempt.code, attempt.nextAt] : null,
  }
}

/** What each deduction took of all releases so far, and what it still wanted at the last of them. */
function deductionsOf(releases: OracleEscrow['releases']): readonly (readonly [string, bigint, bigint])[] {
  const last = releases.at(-1)?.deductions ?? []
  return last.map(({ name, shortfall }, index) => {
    const taken = releases.reduce((all, release) => all + (release.deductions[index]?.taken ?? 0n), 0n)
    return [name, taken, shortfall]
  })
}

function factsOfLedger(view: EscrowView) {
  const { status, disputes, deductions, failedAttempt } = view
  const { amount, funded, held, frozen, released, refunded } = view
  const parties = Object.entries(view.shares).map(([name, share]) => [
    name,
    { allotted: share.allotted.minor, deducted: share.deducted.minor, released: share.released.minor },
  ])
  return {
    status,
    amounts: {
      amount: amount.minor,
      funded: funded.minor,
      held: held.minor,
      frozen: frozen.minor,
      released: released.minor,
      refunded: refunded.minor,
    },
    times: [view.openedAt, view.fundedAt, view.deliveredAt, view.completedAt, view.cancelledAt],
    dueAt: view.dueAt,
    releases: view.releases,
    parties: Object.fromEntries(parties),
    deductions:
      view.releases === 0 ? [] : deductions.map(({ name, taken, shortfall }) => [name, taken.minor, shortfall.minor]),
    disputes: disputes.map(({ id, amount: disputed, resolvedAt }) => [id, disputed.minor, resolvedAt]),
    attempt: failedAttempt ? [failedAttempt.attempts, failedAttempt.code, failedAttempt.nextAt] : null,
  }
}
