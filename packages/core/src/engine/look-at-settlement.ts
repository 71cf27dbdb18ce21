import type { Subject } from '../gateways/subject.js'
import type { BookContext } from './context.js'
import type { GatewayLine } from './gateway-line.js'
import type { Sight } from './look-at-subject.js'

interface Looking {
  readonly gateway: string
  readonly subject: Subject
}

/** What the gateway says that it sent to our bank. */
export async function lookAtSettlement(
  _context: BookContext,
  line: GatewayLine,
  { gateway, subject }: Looking,
): Promise<Sight> {
  const reads = line.gateway.settlements
  if (!reads) return { sight: 'nothing', reason: `the adapter of ${gateway} reads no settlements` }
  const asked = await line.call((way) => reads.fetch(subject.reference, way))
  const settlement = asked.answer
  if (settlement === null) return { sight: 'waits', reason: `${gateway} does not know ${subject.reference} yet` }
  return { sight: 'waits', reason: 'settlements are not posted yet' }
}
