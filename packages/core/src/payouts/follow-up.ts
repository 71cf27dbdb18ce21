import { followUpId, type Instruction, instructions } from '../instructions/instruction.js'
import type { View } from '../journal/draft.js'

type Kind = 'capture' | 'release'

/** The ids of the last instruction that went on from this one, and of the next that may. */
export function followUpIds(kind: Kind, of: Instruction): readonly string[] {
  return [followUpId(kind, of.id, of.followUps), followUpId(kind, of.id, of.followUps + 1)]
}

/** The instruction that goes on from this one and may still come to something, or has; null where the last one did not. */
export function liveFollowUp(view: Pick<View, 'get'>, kind: Kind, of: Instruction): Instruction | null {
  if (of.followUps === 0) return null
  const last = view.get(instructions, followUpId(kind, of.id, of.followUps))
  return last === null || last.state === 'failed' || last.state === 'cancelled' ? null : last
}
