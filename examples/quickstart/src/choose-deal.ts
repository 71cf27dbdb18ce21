import type { Session } from './sessions-csv.js'

/** The deal whose story is told: the first that had a penalty, or the first of all. */
export function chooseDeal() {
  let first: string | null = null
  let penalised: string | null = null
  return {
    consider({ id, satisfaction }: Session): void {
      first ??= id
      if (satisfaction !== null && Number(satisfaction) < 3) penalised ??= id
    },
    chosen: () => penalised ?? first,
  }
}
