import { type FileHandle, open } from 'node:fs/promises'
import type { CallOutcome, Gateway, GatewayCall } from 'escrow-ledger'
import { HOUR } from '../fixtures/open-ledger.js'
import { refundsAndPayouts } from '../fixtures/operations.js'

/** What a gateway did once, as its own books have it. */
export interface Effect {
  readonly gateway: string
  readonly key: string
  readonly amountMinor: string
  readonly at: number
  /** Done and told at once; accepted, told when asked; done, but the answer was lost; refused for good. */
  readonly answer: 'processed' | 'accepted' | 'lost' | 'refused'
}

const answers = ['processed', 'accepted', 'lost', 'processed', 'refused'] as const

/** A page of the disk is a multiple of it, so that no line is torn when the writer is killed. */
const LINE = 512

interface EffectFile {
  readonly effects: readonly Effect[]
  append(effect: Effect): Promise<void>
  close(): Promise<void>
}

/** The gateways' own books: a file of lines, each on the disk before it counts. */
export async function openEffects(filename: string): Promise<EffectFile> {
  const file = await open(filename, 'a+')
  const effects = await readEffects(file)
  return {
    effects,
    async append(effect) {
      effects.push(effect)
      await file.appendFile(`${JSON.stringify(effect).padEnd(LINE - 1)}\n`)
      await file.sync()
    },
    close: () => file.close(),
  }
}

async function readEffects(file: FileHandle): Promise<Effect[]> {
  const text = await file.readFile('utf8')
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Effect)
}

interface FileGatewayOptions {
  readonly name: string
  readonly file: EffectFile
  readonly now: () => number
  /** For how long it answers a key it knows with the first outcome; null where every call has an effect of its own. */
  readonly windowMs: number | null
  readonly tell?: ((line: string) => void) | undefined
}

/** For how long the gateway with keys remembers them. */
const WINDOW_MS = 24 * HOUR

/** A gateway whose effects are lines of a file. Called again where it does not know the key any more, it has another. */
function createFileGateway({ name, file, now, windowMs, tell = () => {} }: FileGatewayOptions): Gateway {
  const find = ({ key }: GatewayCall) => file.effects.find((effect) => effect.gateway === name && effect.key === key)

  async function send(call: GatewayCall): Promise<CallOutcome> {
    const first = find(call)
    if (first && windowMs !== null && now() - first.at < windowMs) return outcomeOf(first)
    const count = file.effects.filter((effect) => effect.gateway === name).length
    const answer = answers[count % answers.length] ?? 'processed'
    const effect = { gateway: name, key: call.key, amountMinor: String(call.amount.minor), at: now(), answer }
    tell(`sent ${call.key}`)
    await file.append(effect)
    tell(`effect ${call.key}`)
    if (answer === 'lost') throw new Error('The connection was reset.')
    return answer === 'accepted' ? { outcome: 'accepted', reference: referenceOf(effect) } : outcomeOf(effect)
  }

  async function ask(call: GatewayCall): Promise<CallOutcome> {
    const first = find(call)
    tell(`asked ${call.key}`)
    return first ? outcomeOf(first) : { outcome: 'absent' }
  }

  return { operations: refundsAndPayouts(windowMs), send, ask }
}

function referenceOf({ gateway, key }: Effect): string {
  return `${gateway}-${key}`
}

/** What has become of a call by the time that anybody comes again. */
function outcomeOf(effect: Effect): CallOutcome {
  if (effect.answer === 'refused') return { outcome: 'refused', code: 'closed', reason: 'The account was closed.' }
  return { outcome: 'processed', reference: referenceOf(effect) }
}

/** One gateway with keys, and one without. */
export function createFileGateways(given: Pick<FileGatewayOptions, 'file' | 'now' | 'tell'>): Record<string, Gateway> {
  return {
    razorpay: createFileGateway({ ...given, name: 'razorpay', windowMs: WINDOW_MS }),
    hdfc: createFileGateway({ ...given, name: 'hdfc', windowMs: null }),
  }
}
