/** What a client sends: one message of PostgreSQL's frontend protocol. */
export interface FrontendMessage {
  /** `Q` query, `P` parse, `B` bind, `E` execute, `S` sync and so on; `start` for the first of a connection. */
  readonly type: string
  /** The statement that it asks for, parses, binds or executes, also where the statement was named earlier. */
  readonly sql: string | undefined
  /** Whether the server answers it, and all before it, with ReadyForQuery. */
  readonly endsRequest: boolean
  readonly bytes: Buffer
}

export interface BackendMessage {
  /** `Z` ready for query, `C` command complete, `E` error and so on; `negotiation` for the refusal of encryption. */
  readonly type: string
  readonly bytes: Buffer
}

const SSL_REQUEST = 80_877_103
const GSS_REQUEST = 80_877_104
const CANCEL_REQUEST = 80_877_102

/** Collects bytes, and gives those of one message after the other as they become whole. */
function createFramer(lengthAt: () => 0 | 1) {
  let pending: Buffer = Buffer.alloc(0)
  return {
    push(chunk: Buffer): void {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    },
    take(bytes: number): Buffer | undefined {
      if (pending.length < bytes) return undefined
      const taken = pending.subarray(0, bytes)
      pending = pending.subarray(bytes)
      return taken
    },
    next(): Buffer | undefined {
      const at = lengthAt()
      if (pending.length < at + 4) return undefined
      return this.take(at + pending.readInt32BE(at))
    },
  }
}

/** Reads what a client sends on one connection; what is not yet whole waits for its rest. */
export function createFrontendReader(): (chunk: Buffer) => FrontendMessage[] {
  let isStarted = false
  const framer = createFramer(() => (isStarted ? 1 : 0))
  const read = createStatementReader()

  function start(bytes: Buffer): FrontendMessage {
    const code = bytes.readInt32BE(4)
    if (code === SSL_REQUEST || code === GSS_REQUEST) return plain('negotiate', bytes)
    if (code === CANCEL_REQUEST) return plain('cancel', bytes)
    isStarted = true
    return { ...plain('start', bytes), endsRequest: true }
  }

  return (chunk) => {
    framer.push(chunk)
    const messages: FrontendMessage[] = []
    for (let bytes = framer.next(); bytes; bytes = framer.next()) messages.push(isStarted ? read(bytes) : start(bytes))
    return messages
  }
}

const plain = (type: string, bytes: Buffer): FrontendMessage => ({ type, sql: undefined, endsRequest: false, bytes })

/** Remembers which text each prepared statement and each portal stands for. */
function createStatementReader(): (bytes: Buffer) => FrontendMessage {
  const statements = new Map<string, string>()
  const portals = new Map<string, string | undefined>()

  return (bytes) => {
    const type = String.fromCharCode(bytes[0] ?? 0)
    const [first = '', second = ''] = textsOf(bytes.subarray(5))
    const message = plain(type, bytes)
    switch (type) {
      case 'Q':
        return { ...message, sql: first, endsRequest: true }
      case 'P':
        statements.set(first, second)
        return { ...message, sql: second }
      case 'B':
        portals.set(first, statements.get(second))
        return { ...message, sql: statements.get(second) }
      case 'E':
        return { ...message, sql: portals.get(first) }
      case 'S':
        return { ...message, endsRequest: true }
      default:
        return message
    }
  }
}

/** The first two texts of a body, each ended by a zero. */
function textsOf(body: Buffer): string[] {
  const end = body.indexOf(0)
  if (end < 0) return []
  const next = body.indexOf(0, end + 1)
  const first = body.toString('utf8', 0, end)
  return next < 0 ? [first] : [first, body.toString('utf8', end + 1, next)]
}

/** Reads what a server answers on one connection. `expectNegotiation` is called when the client asks for encryption. */
export function createBackendReader() {
  const framer = createFramer(() => 1)
  let negotiations = 0
  const negotiation = () => {
    const bytes = negotiations > 0 ? framer.take(1) : undefined
    if (!bytes) return undefined
    if (bytes[0] !== 'N'.charCodeAt(0)) throw new Error('The proxy cannot look into encrypted connections.')
    negotiations -= 1
    return bytes
  }

  return {
    expectNegotiation(): void {
      negotiations += 1
    },
    read(chunk: Buffer): BackendMessage[] {
      framer.push(chunk)
      const messages: BackendMessage[] = []
      while (true) {
        const refused = negotiation()
        const bytes = refused ?? (negotiations > 0 ? undefined : framer.next())
        if (!bytes) return messages
        messages.push({ type: refused ? 'negotiation' : String.fromCharCode(bytes[0] ?? 0), bytes })
      }
    },
  }
}
