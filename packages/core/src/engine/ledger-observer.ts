/** One command, when its caller is answered. */
export interface CommandTold {
  readonly book: string
  /** Such as `escrows.fund`. One of a fixed set. */
  readonly command: string
  readonly outcome: 'done' | 'replayed' | 'refused'
  /** The error's code where it was refused, `unknown` where what was thrown has none; else null. */
  readonly code: string | null
  /** From its call until the unit of work that answered it took it up. Zero where it never waited in a queue. */
  readonly waitedMs: number
  /** From its call to its answer. */
  readonly ms: number
}

/** One unit of work of the committer, when it is over. */
export interface BatchTold {
  readonly book: string
  readonly commands: number
  /** Characters of their canonical input, which a batch is bounded by. */
  readonly size: number
  /** How long the unit of work took, its COMMIT included. */
  readonly ms: number
  /** `recovery` finds out what became of a batch that was lost. */
  readonly path: 'locked' | 'ahead' | 'recovery'
  /**
   * `redecided`: what it was decided on had changed, so it was decided again under locks, and committed. `stale`: likewise,
   * but its commands went back to the queue. `lost`: the answer of its COMMIT was lost. `failed`: nothing was written.
   */
  readonly outcome: 'committed' | 'redecided' | 'stale' | 'lost' | 'failed'
}

/** How many commands wait in a book, told whenever that changes. */
export interface QueueTold {
  readonly book: string
  readonly length: number
}

/** One call of a gateway, when it is over. */
export interface GatewayCallTold {
  readonly gateway: string
  /** The instruction's kind, such as `payout`; `read` where nothing was to be done there. */
  readonly kind: string
  readonly call: 'send' | 'ask' | 'read'
  /** What an instruction's call came to; of a read whether it was `answered` or `failed`. */
  readonly outcome: string
  /** Whether nothing was sent, since the gateway is being left alone or too many calls wait for it. */
  readonly heldBack: boolean
  /** Waiting for its turn included. Null for a list, of which its reader sets the pace. */
  readonly ms: number | null
}

/**
 * Told of what the engine does, for metrics. It is called in the middle of the work, so each method has to return at once.
 * What it throws is ignored. Nothing that it is told holds money, ids of deals or people, or secrets.
 */
export interface LedgerObserver {
  command?(told: CommandTold): void
  batch?(told: BatchTold): void
  queue?(told: QueueTold): void
  gatewayCall?(told: GatewayCallTold): void
}
