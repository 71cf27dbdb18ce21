import type { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

interface Gate {
  /** What to wait for before passing, if anything. */
  passed(): Promise<void> | undefined
  /** Shuts it; what it gives comes about when it is opened. */
  shut(): Promise<void>
  open(): void
}

/** Holds up whoever passes while it is shut. */
export function createGate(): Gate {
  let shut: { readonly promise: Promise<void>; readonly open: () => void } | undefined
  return {
    passed: () => shut?.promise,
    shut() {
      if (!shut) {
        let open = () => {}
        const promise = new Promise<void>((resolve) => {
          open = resolve
        })
        shut = { promise, open }
      }
      return shut.promise
    },
    open() {
      shut?.open()
      shut = undefined
    },
  }
}

/** Passes on what one side sends, each piece so long after it came, and then how that side ended. */
export function forward(given: {
  readonly from: Socket
  readonly to: Socket
  readonly gate: Gate
  readonly delayMs: () => number
  readonly deliver: (chunk: Buffer) => Promise<void>
}): Promise<void> {
  const { from, to, gate, delayMs, deliver } = given
  let last = Promise.resolve()
  const pass = (work: () => Promise<void> | void) => {
    const dueAt = performance.now() + delayMs()
    last = last.then(async () => {
      const restMs = dueAt - performance.now()
      if (restMs > 0) await sleep(restMs)
      await gate.passed()
      if (!to.destroyed) await work()
    })
    last.catch((error: Error) => {
      from.destroy()
      to.destroy(error)
    })
  }
  from.on('data', (chunk: Buffer) => pass(() => deliver(chunk)))
  from.on('end', () => pass(() => void to.end()))
  from.on('error', () => pass(() => reset(to)))
  return new Promise((resolve) => from.once('close', () => resolve()))
}

/** Resets a connection; one whose end is on its way takes no reset any more, and would never be told to be closed. */
export function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}

/** Comes about when the system has taken the bytes, or there is nobody to take them any more. */
export function write(socket: Socket, pieces: readonly Buffer[]): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed || pieces.length === 0) resolve()
    else socket.write(Buffer.concat(pieces), () => resolve())
  })
}
