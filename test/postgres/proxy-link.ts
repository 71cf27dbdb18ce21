import { connect, type Socket } from 'node:net'
import { createGate, forward, reset, write } from './forwarding.js'
import { createBackendReader, createFrontendReader, type FrontendMessage } from './protocol-messages.js'

/** How a connection ends: reset, as when a process dies, or closed in order. */
export type CutMode = 'rst' | 'fin'

/**
 * What happens to a statement that was waited for:
 *
 * - `cut before`: the connection is cut, and the statement never reaches the server.
 * - `cut answer`: the server has carried it out and has answered, and the connection is cut before the answer comes back.
 * - `cut within answer`: the same, after the first bytes of the answer.
 * - `silence before`, `silence answer`: in place of a cut nothing more goes either way, and both ends stay open.
 * - a function: the statement goes on once what it gives has come about.
 */
export type Deed =
  | 'cut before'
  | 'cut answer'
  | 'cut within answer'
  | 'silence before'
  | 'silence answer'
  | (() => Promise<unknown>)

/** What all connections of a proxy go by; it may change at any time. */
export interface Conditions {
  readonly target: { readonly host: string; readonly port: number }
  readonly delayMs: { toServer: number; toClient: number }
  /** What is to happen at a message, if anything; asked once a message. */
  readonly deedAt: (message: FrontendMessage) => { deed: Deed; mode: CutMode } | undefined
}

export interface Link {
  readonly closed: Promise<void>
  cut(mode: CutMode): void
  /** Lets nothing through either way from here on, not even the end of the connection. */
  freeze(): void
  /** Lets through what has been held back, and what follows. */
  thaw(): void
}

/** An answer that is to be held until it is whole, and then meets its end. */
interface DoomedAnswer {
  readonly deed: 'cut answer' | 'cut within answer' | 'silence answer'
  readonly mode: CutMode
  /** How many answers come before it. */
  before: number
  readonly held: Buffer[]
}

/** How much of an answer comes through before it is cut: less than its first message's length takes. */
const FIRST_BYTES = 3

/** One client's connection through the proxy, and the connection to the server that belongs to it. */
export function createLink(client: Socket, conditions: Conditions): Link {
  const server = connect({ ...conditions.target, allowHalfOpen: true, noDelay: true })
  const gate = createGate()
  const readRequest = createFrontendReader()
  const answers = createBackendReader()
  /** How often the server has yet to say that it is ready. */
  let awaited = 0
  let doomed: DoomedAnswer | undefined

  function cut(mode: CutMode): void {
    for (const socket of [client, server]) {
      if (mode === 'rst') reset(socket)
      else socket.destroySoon()
    }
    gate.open()
  }

  async function request(chunk: Buffer): Promise<void> {
    let through: Buffer[] = []
    for (const message of readRequest(chunk)) {
      const due = doomed ? undefined : conditions.deedAt(message)
      if (due) {
        await write(server, through)
        through = []
        if (due.deed === 'cut before') return cut(due.mode)
        if (due.deed === 'silence before') await gate.shut()
        else if (typeof due.deed === 'function') await due.deed()
        else doomed = { deed: due.deed, mode: due.mode, before: awaited, held: [] }
      }
      if (message.type === 'negotiate') answers.expectNegotiation()
      if (message.endsRequest) awaited += 1
      through.push(message.bytes)
    }
    await write(server, through)
  }

  async function answer(chunk: Buffer): Promise<void> {
    let through: Buffer[] = []
    for (const { type, bytes } of answers.read(chunk)) {
      const isDoomed = doomed?.before === 0
      if (isDoomed) doomed?.held.push(bytes)
      else through.push(bytes)
      if (type !== 'Z') continue
      awaited -= 1
      if (doomed && !isDoomed) doomed.before -= 1
      if (!doomed || !isDoomed) continue
      const { deed, mode, held } = doomed
      doomed = undefined
      await write(client, through)
      if (deed === 'cut within answer') await write(client, [Buffer.concat(held).subarray(0, FIRST_BYTES)])
      if (deed !== 'silence answer') return cut(mode)
      await gate.shut()
      through = held
    }
    await write(client, through)
  }

  const closed = [
    forward({ from: client, to: server, gate, delayMs: () => conditions.delayMs.toServer, deliver: request }),
    forward({ from: server, to: client, gate, delayMs: () => conditions.delayMs.toClient, deliver: answer }),
  ]
  return { cut, freeze: () => void gate.shut(), thaw: gate.open, closed: Promise.all(closed).then(() => {}) }
}
