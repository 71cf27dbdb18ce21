import type { Subject } from '../gateways/subject.js'
import type { BookContext } from './context.js'
import type { GatewayLine } from './gateway-line.js'
import type { Sight } from './look-at-subject.js'
import { postSettlement } from './post-settlement.js'

interface Looking {
  readonly gateway: string
  readonly subject: Subject
}

/** What the gateway says that it sent to our bank. */
export async function lookAtSettlement(
  context: BookContext,
  line: GatewayLine,
  { gateway, subject }: Looking,
): Promise<Sight> {
  const reads = line.gateway.settlements
  if (!reads) return { sight: 'nothing', reason: `the adapter of ${gateway} reads no settlements` }
  const settlement = await line.read((way) => reads.fetch(subject.reference, way))
  if (settlement === null) return { sight: 'waits', reason: `${gateway} does not know ${subject.reference} yet` }
  const posted = await postSettlement(context, { gateway, settlement })
  return posted
    ? { sight: 'posted' }
    : { sight: 'waits', reason: `${gateway} has not sent settlement ${subject.reference} yet` }
}
