import { createTestRuntime } from '@escrow-ledger/testkit'
import type { Bundle } from '../fixtures/child-process.js'

/** How many processes each test kills on a database … */
export const killsOn = (database: string): number => {
  if (process.env.TEST_LONG === '1') return 100
  return database === 'SQLite' ? 10 : 4
}
/** … of which so many on one book, … */
const KILLS_OF_ONE_BOOK = 5
/** … and on so many books at once. */
const LANES = 2

/** When to kill a process: so many milliseconds after it has told so many things. */
interface Moment {
  readonly lines: number
  readonly delayMs: number
}

/** Choices that a seed repeats. */
export interface Chance {
  /** From 0 to below `count`, which is 256 at most. */
  below(count: number): number
  pick<Item>(items: readonly [Item, ...Item[]]): Item
  moment(most: Moment): Moment
}

function createChance(seed: number): Chance {
  const { random } = createTestRuntime({ seed })

  function below(count: number): number {
    const [byte = 0] = random(1)
    return byte % count
  }

  return {
    below,
    pick: ([first, ...rest]) => rest[below(rest.length + 1) - 1] ?? first,
    moment: ({ lines, delayMs }) => ({ lines: 1 + below(lines), delayMs: below(delayMs + 1) }),
  }
}

interface Ending {
  /** Whether it was killed; if not, it had done all of its work before. */
  readonly killed: boolean
  /** All that it told. */
  readonly lines: readonly string[]
}

/**
 * Kills on book after book until the total is reached. What is given kills on a book of its own, up to so many times,
 * sees it through to the end, and answers how often it killed.
 */
export async function killOnBooks(
  total: number,
  killOnOne: (given: { chance: Chance; kills: number }) => Promise<number>,
): Promise<void> {
  async function lane(nth: number): Promise<void> {
    let killed = 0
    for (let seed = nth; killed < total / LANES; seed += LANES) {
      const kills = Math.min(KILLS_OF_ONE_BOOK, total / LANES - killed)
      killed += await killOnOne({ chance: createChance(seed), kills })
    }
  }
  await Promise.all(Array.from({ length: LANES }, (_, nth) => lane(nth)))
}

/** Starts a program of these tests, and kills it at a moment unless it has ended by itself before. */
export async function killAt(
  program: Bundle,
  { args, moment }: { args: readonly string[]; moment: Moment },
): Promise<Ending> {
  const child = program.start(args)
  let output = ''
  let killing: NodeJS.Timeout | undefined
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text
    if (killing || linesOf(output).length < moment.lines) return
    killing = setTimeout(() => child.kill('SIGKILL'), moment.delayMs)
  })
  const { code, signal } = await new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal }))
  })
  clearTimeout(killing)
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`The process ended with code ${code}, after: ${output}`)
  return { killed: signal === 'SIGKILL', lines: linesOf(output) }
}

/** The lines that are there in whole. */
function linesOf(output: string): string[] {
  return output.split('\n').slice(0, -1)
}
