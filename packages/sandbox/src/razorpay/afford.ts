import { PocketEmpty } from '../world/balance-sheet.js'
import { badRequest } from './refusal.js'

/** Moves money, or refuses the request in these words when it is not there. */
export function afford(description: string, move: () => void, field?: string): void {
  try {
    move()
  } catch (error) {
    if (!(error instanceof PocketEmpty)) throw error
    throw badRequest(description, { reason: 'insufficient_funds', ...(field === undefined ? {} : { field }) })
  }
}
