/** Counts the work that has begun and has not ended, so that a process can wait for it before it stops. */
export interface UnderWay {
  during<Result>(work: () => Promise<Result>): Promise<Result>
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
}

export function createUnderWay(): UnderWay {
  let count = 0
  const waiting: (() => void)[] = []
  return {
    async during(work) {
      count += 1
      try {
        return await work()
      } finally {
        count -= 1
        if (count === 0) for (const resolve of waiting.splice(0)) resolve()
      }
    },
    async idle() {
      if (count > 0) await new Promise<void>((resolve) => waiting.push(resolve))
    },
  }
}
