import { createModelStorage } from '@escrow-ledger/testkit'
import { type BookLedger, type CallOutcome, createLedger, type Gateway, LedgerError, money } from 'escrow-ledger'
import { refundsAndPayouts } from '../fixtures/operations.js'

export const HOUR = 3_600_000
export const DAY = 24 * HOUR
const START = Date.UTC(2026, 10, 2, 9)

export const inr = (amount: string) => money(amount, 'INR')

/** A book of its own, whose clock is turned by moving it. */
export interface Stage {
  readonly book: BookLedger
  readonly clock: { now: number }
  /** Says what the gateway `g` answers from now on; nothing at all, to leave a call hanging. */
  readonly answer: (outcome: CallOutcome | null) => void
}

/** Makes empty books, one for each cell of a table. */
export function createStages(): () => Stage {
  const clock = { now: START }
  let outcome: CallOutcome | null = null
  const reply = () => (outcome ? Promise.resolve(outcome) : new Promise<CallOutcome>(() => {}))
  const gateway: Gateway = { operations: refundsAndPayouts(null), send: reply, ask: reply }
  const ledger = createLedger({
    storage: createModelStorage(),
    gateways: { g: gateway },
    runtime: { now: () => clock.now },
  })
  let books = 0
  return () => {
    clock.now = START
    outcome = null
    books += 1
    const answer = (next: CallOutcome | null) => {
      outcome = next
    }
    return { book: ledger.book(`stage-${books}`), clock, answer }
  }
}

/** What a call came to: its refusal's code, or whatever is told of its success. */
export async function cell(call: Promise<unknown>, told: () => Promise<string>): Promise<string> {
  try {
    await call
  } catch (error) {
    if (error instanceof LedgerError) return `\`${error.code}\``
    throw error
  }
  return told()
}

export interface Table {
  readonly heading: string
  readonly text: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly [name: string, cells: readonly string[]])[]
}

/** A table in Markdown. */
export function markdownOf({ heading, text, columns, rows }: Table): string {
  const lines = rows.map(([name, cells]) => `| ${name} | ${cells.join(' | ')} |`)
  const head = `| state | ${columns.join(' | ')} |`
  const rule = `| --- |${columns.map(() => ' --- |').join('')}`
  return [`## ${heading}`, '', text, '', head, rule, ...lines, ''].join('\n')
}
