/** Makes `count` calls, `callers` of them at a time; every caller goes on as soon as it is answered. */
export async function callAll(
  { count, callers }: { count: number; callers: number },
  call: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0
  async function caller(): Promise<void> {
    while (next < count) await call(next++)
  }
  await Promise.all(Array.from({ length: Math.min(callers, count) }, caller))
}
