import { idempotencyKeyLimits, idLimits, invalidInput, textProblem } from '../accounts/text.js'
import type { Command, Needs } from '../journal/command.js'
import type { Draft, View } from '../journal/draft.js'
import type { Entry } from '../journal/entry.js'
import { shown } from '../money/index.js'
import type { Sha256 } from '../storage/index.js'
import { canonicalText } from './canonical-text.js'
import { fingerprintOf } from './fingerprint.js'
import type { IdSource } from './ids.js'
import { signalProblem } from './signal.js'

/** What may be said with every command. */
export interface CallOptions {
  /**
   * 1 to 255 characters. The same key with the same request gives the first result again, for ever; with another
   * request it is refused with `idempotency_key_reused`. Without one the library makes its own for this call.
   */
  readonly idempotencyKey?: string | undefined
  /** Who asks: kept with the entries. 1 to 128 characters. */
  readonly actor?: string | undefined
  /** Takes the call back while it is still queued; it then fails with `aborted`. */
  readonly signal?: AbortSignal | undefined
}

/** What a command answers, with the entries it posted. */
export interface Outcome<Result> {
  readonly result: Result
  readonly entries: readonly Entry[]
  /** Whether this is the first result of an earlier call, answered again. */
  readonly replayed: boolean
}

/** A command on its way: its ids and key stay with it over every attempt. */
export interface Request {
  readonly name: string
  readonly key: string
  /** Whether the library made the key for this call, so that nothing can be known under it before. */
  readonly ownKey: boolean
  readonly fingerprint: Uint8Array
  readonly actor: string | null
  readonly signal: AbortSignal | undefined
  /** Characters of the canonical input: what the size limit of a batch counts. */
  readonly size: number
  readonly direct: Needs
  /** Null where everything that the command needs is in `direct`. */
  readonly further: ((view: View) => Needs) | null
  readonly decide: (draft: Draft) => unknown
  /** The command's nth id, made when it is first asked for and kept. */
  readonly idAt: (index: number) => string
}

/** Parses what the caller gave. Throws `invalid_input` and the like; nothing has been queued then. */
export function createRequest<Input, Result>(
  command: Command<Input, Result>,
  given: { input: unknown; options: CallOptions; ids: IdSource; sha256?: Sha256 | undefined },
): Request {
  const { options, ids, sha256 } = given
  checkOptions(options)
  const input = command.parse(given.input)
  const canonical = canonicalText(command.name, input)
  const made: string[] = []
  const { further } = command
  return {
    name: command.name,
    key: options.idempotencyKey ?? ids(),
    ownKey: options.idempotencyKey === undefined,
    fingerprint: fingerprintOf(canonical, sha256),
    actor: options.actor ?? null,
    signal: options.signal,
    size: canonical.length,
    direct: command.direct(input),
    further: further ? (view) => further(input, view) : null,
    decide: (draft) => command.decide(input, draft),
    idAt: (index) => {
      while (made.length <= index) made.push(ids())
      return made[index] as string
    },
  }
}

/** By hand, since it runs for every command. */
function checkOptions(options: CallOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw invalidInput([
      { path: 'options', message: `must be an object such as { idempotencyKey }, not ${shown(options)}` },
    ])
  }
  const { idempotencyKey, actor, signal } = options
  const ofKey = idempotencyKey === undefined ? null : textProblem(idempotencyKey, idempotencyKeyLimits)
  const ofActor = actor === undefined ? null : textProblem(actor, idLimits)
  const ofSignal = signal === undefined ? null : signalProblem(signal)
  if (ofKey === null && ofActor === null && ofSignal === null) return
  throw invalidInput([
    ...(ofKey === null ? [] : [{ path: 'idempotencyKey', message: ofKey }]),
    ...(ofActor === null ? [] : [{ path: 'actor', message: ofActor }]),
    ...(ofSignal === null ? [] : [{ path: 'signal', message: ofSignal }]),
  ])
}
