/** Lets a clock go with the real one, which `now` tells in milliseconds. Rejects, and stops, when it cannot go on. */
export function followTime({ now, advance }: { now(): number; advance(ms: number): Promise<void> }): Promise<never> {
  let last = now()
  return new Promise((_, reject) => {
    const timer = setInterval(() => {
      const at = now()
      // Where the real clock was set back, no time has passed.
      const passed = Math.max(0, at - last)
      last = at
      advance(passed).catch((error: unknown) => {
        clearInterval(timer)
        reject(error)
      })
    }, 250)
  })
}
