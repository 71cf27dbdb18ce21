import { createServer, type Server } from 'node:net'
import { onTestFinished } from 'vitest'
import type { FrontendMessage } from './protocol-messages.js'
import { type CutMode, createLink, type Deed, type Link } from './proxy-link.js'

interface Trap {
  /** How often it has sprung. */
  readonly count: number
  /** Comes about when it springs for the first time. */
  readonly sprung: Promise<void>
}

interface TrapOptions {
  /** How often it springs; once, unless it is said. */
  readonly times?: number
  /** How it cuts; by a reset, unless it is said. */
  readonly mode?: CutMode
}

export interface TcpProxy {
  readonly port: number
  /** The server's connection string, by way of the proxy. */
  readonly connectionString: string
  /** How many connections there are now. */
  readonly connections: number
  /** Cuts all connections there are. */
  cut(mode: CutMode): void
  /** From here on, whatever a side sends arrives so much later. */
  delay(delayMs: { readonly toServer?: number; readonly toClient?: number }): void
  /**
   * Lets nothing through on any connection, new ones included, while both ends stay open. A client that is closed
   * meanwhile waits for its end until the proxy thaws or cuts.
   */
  freeze(): void
  thaw(): void
  /** Refuses new connections, and leaves those there are. */
  refuse(): Promise<void>
  accept(): Promise<void>
  /** Waits for a message of a client's, and does something at it, on that client's connection alone. */
  trap(matches: (message: FrontendMessage) => boolean, deed: Deed, options?: TrapOptions): Trap
  stop(): Promise<void>
}

/** Whether a message starts or asks for a statement that a pattern fits; it holds for one message a statement. */
export function statement(pattern: RegExp): (message: FrontendMessage) => boolean {
  return ({ type, sql }) => (type === 'Q' || type === 'B') && sql !== undefined && pattern.test(sql)
}

/** A proxy before a server of PostgreSQL, on which connections go wrong at a word; it ends with the test. */
export async function startTcpProxy(target: { readonly connectionString: string }): Promise<TcpProxy> {
  const url = new URL(target.connectionString)
  const delayMs = { toServer: 0, toClient: 0 }
  const traps = createTraps()
  const links = new Set<Link>()
  let isFrozen = false
  const conditions = { target: { host: url.hostname, port: Number(url.port || 5432) }, delayMs, deedAt: traps.deedAt }
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const link = createLink(client, conditions)
    links.add(link)
    if (isFrozen) link.freeze()
    void link.closed.then(() => links.delete(link))
  })
  const port = await listen(listener, 0)
  url.hostname = '127.0.0.1'
  url.port = String(port)

  const proxy: TcpProxy = {
    port,
    connectionString: url.href,
    get connections() {
      return links.size
    },
    cut(mode) {
      for (const link of links) link.cut(mode)
    },
    delay(wanted) {
      Object.assign(delayMs, wanted)
    },
    freeze() {
      isFrozen = true
      for (const link of links) link.freeze()
    },
    thaw() {
      isFrozen = false
      for (const link of links) link.thaw()
    },
    refuse: async () => {
      // It listens no more at once; that it is closed is told only when the last connection has ended.
      if (listener.listening) listener.close()
    },
    accept: async () => {
      if (!listener.listening) await listen(listener, port)
    },
    trap: traps.set,
    async stop() {
      if (listener.listening) listener.close()
      proxy.cut('rst')
      await Promise.all([...links].map((link) => link.closed))
    },
  }
  onTestFinished(proxy.stop)
  return proxy
}

function createTraps() {
  const set: {
    matches: (message: FrontendMessage) => boolean
    spring: () => { deed: Deed; mode: CutMode } | undefined
  }[] = []
  return {
    set(matches: (message: FrontendMessage) => boolean, deed: Deed, options: TrapOptions = {}): Trap {
      const { times = 1, mode = 'rst' } = options
      let count = 0
      let tell = () => {}
      const sprung = new Promise<void>((resolve) => {
        tell = resolve
      })
      const spring = () => {
        if (count === times) return undefined
        count += 1
        tell()
        return { deed, mode }
      }
      set.push({ matches, spring })
      return {
        sprung,
        get count() {
          return count
        },
      }
    },
    deedAt(message: FrontendMessage) {
      for (const { matches, spring } of set) {
        const due = matches(message) ? spring() : undefined
        if (due) return due
      }
      return undefined
    },
  }
}

function listen(listener: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(port, '127.0.0.1', () => {
      listener.off('error', reject)
      const address = listener.address()
      if (address === null || typeof address === 'string') reject(new Error('The system gave no port.'))
      else resolve(address.port)
    })
  })
}
