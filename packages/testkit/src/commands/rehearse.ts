import { isDeepStrictEqual } from 'node:util'
import { type BookLedger, chartRule, type EntryView, isDebitNormal, type SuspenseView } from 'escrow-ledger'
import { createOracle, type OracleCommand, type OracleOptions, type OracleResult } from '../oracle/index.js'
import { type Called, callLedger } from './call-ledger.js'
import { compareAsOf, compareBook, readBook, type WholeBook } from './compare-books.js'
import { compareRuns, entriesOfRun } from './compare-runs.js'
import { codeOf, compareAnswers, compareEscrows, type Differences, differ } from './differences.js'
import type { Intent } from './intents.js'
import { createNames, inputFor, type Names, noteEntry } from './names.js'
import { plan } from './plan.js'
import { isRun } from './runs.js'
import { createScene, type Scene, viewOf } from './scene.js'
import { type Step, statesOf, stepsOf } from './steps.js'
import { toldCommand } from './told.js'

/** What takes part in a rehearsal. */
export interface Cast {
  /** Ledgers by name, on an empty book each; all of them read the clock below and make the same ids in the same order. */
  readonly ledgers: Readonly<Record<string, BookLedger>>
  readonly clock: { now: number }
  /** What the oracle is told of the gateways that have adapters. */
  readonly gateways?: OracleOptions['gateways']
  /** Hears of every step: the command, the state of what it was about, and its outcome. */
  readonly onStep?: ((step: Step) => void) | undefined
}

/** A command word for word, or a turn of the clock by so many milliseconds. */
export type Scripted = OracleCommand | { readonly advance: number }

function follows(step: Scripted, clock: Cast['clock']): OracleCommand | null {
  if ('command' in step) return step
  clock.now += step.advance
  return null
}

/** Takes the same steps with the oracle and with every ledger, and throws a readable account of the first difference. */
export async function rehearse(
  steps: readonly (Intent | Scripted)[],
  { ledgers, clock, gateways, onStep }: Cast,
): Promise<void> {
  const oracle = createOracle({ now: () => clock.now, gateways })
  const scene = createScene(oracle, clock)
  const rehearsal: Rehearsal = { scene, names: createNames(), nets: new Map(), ledgers }
  const account: string[] = []
  const check = (differences: Differences) => {
    if (differences.length === 0) return
    throw new Error([...account, '', ...differences.map((difference) => `  ${difference}`)].join('\n'))
  }
  for (const step of steps) {
    const command = 'act' in step ? plan(scene, step) : follows(step, clock)
    if (!command || mustNotRun(rehearsal, command)) continue
    const states = statesOf(scene, command)
    const expected = oracle.apply(command)
    account.push(
      `${toldCommand(command, clock.now)} → ${codeOf(expected)}${expected.ok && expected.replayed ? ' again' : ''}`,
    )
    for (const met of stepsOf(command, states, expected)) onStep?.(met)
    check(await take(rehearsal, command, expected))
  }
  check(await compareAtEnd(rehearsal))
}

interface Rehearsal {
  readonly scene: Scene
  readonly names: Names
  /** Debits less credits of every account, as the last posting of each says. */
  readonly nets: Map<string, bigint>
  readonly ledgers: Readonly<Record<string, BookLedger>>
}

/** Takes one step with every ledger. */
async function take(rehearsal: Rehearsal, command: OracleCommand, expected: OracleResult): Promise<Differences> {
  const { ledgers, names, scene } = rehearsal
  const { idempotencyKey } = command
  const call = { input: inputFor(names, command), options: { idempotencyKey, actor: 'rehearsal' } }
  const differences: string[] = []
  let first: Called | undefined
  for (const [name, ledger] of Object.entries(ledgers)) {
    const called = await callLedger(ledger, command.command, call)
    const compared = isRun(command) ? compareRuns(command, expected, called) : compareAnswers(expected, called)
    differences.push(...compared.map((difference) => `${name}: ${difference}`))
    if (first && !isDeepStrictEqual(first, called))
      differences.push(...differ(`${name} beside the first`, first, called))
    first ??= called
  }
  if (differences.length > 0 || !first) return differences
  scene.note(command, expected)
  if (!expected.ok || !first.ok || expected.replayed) return []
  return follow(rehearsal, command, { expected, called: first })
}

/** Follows what a step has changed: ids that were made up, balances, and the escrows it was about. */
async function follow(
  rehearsal: Rehearsal,
  command: OracleCommand,
  { expected, called }: { expected: OracleResult & { ok: true }; called: Called & { ok: true } },
): Promise<Differences> {
  const { ledgers, names, scene, nets } = rehearsal
  const differences: string[] = []
  let posted: readonly EntryView[] = called.entries
  let written = posted
  if (isRun(command)) {
    for (const ledger of Object.values(ledgers).slice(0, 1)) {
      const found = await entriesOfRun(ledger, names, expected)
      posted = found.entries
      written = found.written
      differences.push(...found.differences)
    }
  }
  for (const [place, entry] of posted.entries()) {
    noteEntry(names, entry)
    const reversed = expected.entries[place]?.reverses
    const original = reversed === undefined ? null : names.entries[reversed]
    differences.push(...differ('the entry that is reversed', original, entry.reverses))
  }
  for (const { account, balance } of written.flatMap((entry) => entry.postings)) {
    nets.set(`${balance.currency}:${account}`, balance.minor)
  }
  differences.push(...(await noteSuspense(rehearsal, posted)))
  differences.push(...compareNets(rehearsal))
  const touched = new Set(posted.map((entry) => entry.escrow))
  if ('id' in command.input) touched.add(command.input.id as string)
  for (const id of touched) {
    const view = id === null ? undefined : viewOf(scene, id)
    if (id === null || !view) continue
    for (const [name, ledger] of Object.entries(ledgers)) {
      const compared = compareEscrows(id, view, await ledger.escrows.get(id))
      differences.push(...compared.map((difference) => `${name}: ${difference}`))
    }
  }
  return differences
}

/** The oracle counts items of suspense that came in with no payment; a ledger makes up ids for them. */
async function noteSuspense({ scene, names, ledgers }: Rehearsal, posted: readonly EntryView[]): Promise<Differences> {
  const [ledger] = Object.values(ledgers)
  const unnamed = scene.oracle.suspense().filter((item) => !item.payment && !names.suspense.has(item.index))
  if (!ledger || unnamed.length === 0) return []
  const found: SuspenseView[] = []
  const known = new Set(names.suspense.values())
  const entries = new Set(posted.map(({ id }) => id))
  for await (const item of ledger.suspense.list()) if (entries.has(item.entry) && !known.has(item.id)) found.push(item)
  return unnamed.flatMap((item) => {
    const place = found.findIndex(
      ({ amount, reason }) =>
        amount.minor === item.amount && amount.currency === item.currency && reason === item.reason,
    )
    const [match] = place < 0 ? [] : found.splice(place, 1)
    if (!match) return [`${item.amount} ${item.currency} is missing in suspense: ${item.reason}`]
    names.suspense.set(item.index, match.id)
    return []
  })
}

/** Balances by the running balance of each account's last posting. */
function compareNets({ scene, nets }: Rehearsal): Differences {
  return [...scene.oracle.balances()].flatMap(([key, expected]) => {
    const net = nets.get(key) ?? 0n
    const code = key.slice(key.indexOf(':') + 1)
    const isDebit = isDebitNormal(chartRule(code)?.type ?? 'liability')
    return differ(`balance of ${key}`, expected, isDebit ? net : -net)
  })
}

/** What a run does with deals that return credit to one account with a ceiling depends on their order, which is free. */
const mustNotRun = ({ scene }: Rehearsal, { command }: OracleCommand): boolean =>
  command === 'settlements.run' &&
  scene.asked.filter(({ input }) => 'from' in input && input.from === 'wallet:c2').length > 1

async function compareAtEnd(rehearsal: Rehearsal): Promise<Differences> {
  const { ledgers, scene, names } = rehearsal
  const differences: string[] = []
  let first: WholeBook | undefined
  for (const [name, ledger] of Object.entries(ledgers)) {
    const book = await readBook(ledger, scene.escrows)
    if (first) differences.push(...differ(`the book of ${name} beside the first`, first, book))
    first ??= book
    const { ok, deviations } = await ledger.verify()
    const found = [
      ...compareBook(scene, names, book),
      ...(await compareAsOf(ledger, scene, book.accounts)),
      ...(ok ? [] : deviations.map((deviation) => `verify: ${deviation.code}: ${deviation.message}`)),
    ]
    differences.push(...found.map((difference) => `${name}: ${difference}`))
  }
  return differences
}
