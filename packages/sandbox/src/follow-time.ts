interface Times {
  /** The real clock, in milliseconds. */
  now(): number
  advance(ms: number): Promise<void>
}

export interface Following {
  /** Rejects, and the clock stands still, when it cannot go on. */
  readonly failed: Promise<never>
  stop(): void
}

const EVERY_MS = 250

/** Lets a clock go with the real one, besides what is let pass at once. */
export function followTime({ now, advance }: Times): Following {
  let last = now()
  let timer: ReturnType<typeof setInterval> | undefined
  const stop = () => clearInterval(timer)
  const failed = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      const at = now()
      // Where the real clock was set back, no time has passed; what is less than a millisecond passes later.
      const passed = Math.max(0, Math.floor(at - last))
      last = at < last ? at : last + passed
      advance(passed).catch((error: unknown) => {
        stop()
        reject(error)
      })
    }, EVERY_MS)
  })
  // Whoever does not wait for it is told by what the clock then does not do.
  failed.catch(() => {})
  return { failed, stop }
}
