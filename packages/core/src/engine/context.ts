import type { Gateway } from '../gateways/gateway.js'
import type { Command } from '../journal/command.js'
import type { Reads, Runtime, Storage } from '../storage/index.js'
import { type EntryView, entryView } from './entry-view.js'
import type { GatewayLine } from './gateway-line.js'
import type { Observed } from './observed.js'
import type { CallOptions, Outcome } from './request.js'

/** What the facades of one book work with. */
export interface BookContext {
  readonly book: string
  readonly reads: Reads
  /** Reads as of one moment; in a transaction of the host's, as that shows it. */
  readonly snapshot: Storage['snapshot']
  readonly runtime: Runtime
  readonly gateways: ReadonlyMap<string, Gateway>
  /** The ways to the gateways, shared by all books of a process. */
  readonly lines: ReadonlyMap<string, GatewayLine>
  /** Null where nobody observes the ledger. */
  readonly observed: Observed | null
  /** Queues a command and waits for its unit of work. */
  readonly run: <Input, Result>(
    command: Command<Input, Result>,
    input: unknown,
    options?: CallOptions,
  ) => Promise<Outcome<Result>>
  /** Decides a command on what is there now, at a given time, without keeping anything. */
  readonly preview: <Input, Result>(
    command: Command<Input, Result>,
    input: unknown,
    now: number,
  ) => Promise<Outcome<Result>>
  /** A new id. */
  readonly newId: () => string
}

/** What a command answers: its result, the entries it posted, and whether it is a first result answered again. */
export type Answer<Result> = Result & {
  readonly entries: readonly EntryView[]
  readonly replayed: boolean
}

/** Turns an outcome into what the host sees. */
export function answerOf<Result extends object>(outcome: Outcome<Result>): Answer<Result> {
  return { ...outcome.result, entries: outcome.entries.map(entryView), replayed: outcome.replayed }
}
