import type { RecordKind } from '../journal/records.js'

/** One request to a gateway and its answer, as they are kept: without secrets, and what identifies cards, bank accounts and persons. */
export interface KeptExchange {
  readonly instruction: string
  readonly attempt: number
  /** 1, 2, 3 … within the attempt. */
  readonly sequence: number
  readonly method: string
  readonly path: string
  readonly request: string | null
  /** The status of the answer; null where none came. */
  readonly status: number | null
  readonly answer: string | null
  /** The gateway's id of the request, for asking its support. */
  readonly requestId: string | null
  readonly error: string | null
  readonly at: number
  readonly revision: number
}

export const exchanges: RecordKind<KeptExchange> = {
  name: 'exchanges',
  // The instruction's id comes last, since it is the host's own text.
  keyOf: ({ instruction, attempt, sequence }) => `${attempt}.${sequence}:${instruction}`,
}
