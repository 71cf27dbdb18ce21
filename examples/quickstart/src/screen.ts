/** The parts of a stream that are written to. */
export interface Output {
  readonly isTTY?: boolean | undefined
  write(text: string): unknown
}

/** Where the demo's text goes: results to one stream, progress to another. */
export interface Screen {
  line(text?: string): void
  /** On a terminal one line that is written over again and again; elsewhere a line now and then. */
  progress(text: string): void
  /** Ends a stretch of progress with its last word. */
  done(text: string): void
}

const EVERY_MS = { terminal: 100, elsewhere: 5_000 }

export function createScreen({ results, progress }: { results: Output; progress: Output }): Screen {
  const terminal = progress.isTTY === true
  const everyMs = terminal ? EVERY_MS.terminal : EVERY_MS.elsewhere
  let lastAt = performance.now()
  let drawn = false

  function clear(): void {
    if (drawn) progress.write('\r\u001B[K')
    drawn = false
  }

  return {
    line(text = '') {
      clear()
      results.write(`${printable(text)}\n`)
    },
    progress(text) {
      if (performance.now() - lastAt < everyMs) return
      lastAt = performance.now()
      clear()
      progress.write(terminal ? printable(text) : `${printable(text)}\n`)
      drawn = terminal
    },
    done(text) {
      clear()
      progress.write(`${printable(text)}\n`)
      lastAt = performance.now()
    },
  }
}

/** Names come from a file that anybody may have written: what would steer the terminal is made visible. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD')
}
