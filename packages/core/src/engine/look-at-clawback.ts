import { recordClawbackCommand } from '../escrow/record-clawback.js'
import type { GatewayClawback } from '../gateways/clawback.js'
import type { Subject } from '../gateways/subject.js'
import { type Clawback, clawbackKey } from '../payments/clawback.js'
import { paymentKey } from '../payments/payment.js'
import { chargeClawbackFee } from './charge-clawback-fee.js'
import type { BookContext } from './context.js'
import type { GatewayLine } from './gateway-line.js'
import { instructionsAbout } from './instructions-about.js'
import type { Sight } from './look-at-subject.js'
import { takePayeePart } from './take-payee-part.js'

interface Looking {
  readonly gateway: string
  /** A refund, or a dispute. */
  readonly subject: Subject
}

/** A refund that bears the key of a call of ours is no clawback, whoever heard of it first. */
type Seen = Sight | { readonly sight: 'ours'; readonly key: string }

/** What the gateway says that it took back of a payment without our asking, or gave back of that. */
export async function lookAtClawback(context: BookContext, line: GatewayLine, looking: Looking): Promise<Seen> {
  const { gateway, subject } = looking
  const { reference } = subject
  const kind = subject.kind === 'refund' ? 'refund' : 'dispute'
  const reads = line.gateway.clawbacks
  if (!reads) return unread(looking)
  // Read before the gateway is asked, so that what another look has posted meanwhile is not undone by an older answer.
  const before = await knownClawback(context, { kind, gateway, reference })
  const told = await line.read((way) => reads.fetch({ kind, reference }, way))
  if (told === null) return { sight: 'waits', reason: `${gateway} does not know ${kind} ${reference} yet` }
  if (kind === 'refund' && told.key !== null) {
    const ours = await instructionsAbout(context, { gateway, subject: { ...subject, key: told.key } })
    if (ours.length > 0) return { sight: 'ours', key: told.key }
  }
  const payment = await context.reads.record(context.book, 'payments', paymentKey(gateway, told.payment))
  if (!payment) return unknownPayment(line, { kind, reference, payment: told.payment })
  return post(context, { gateway, told, revision: before?.revision ?? 0 })
}

/** What was authorised and never captured goes back to its payer by a refund that takes nothing from us. */
async function unknownPayment(
  line: GatewayLine,
  { kind, reference, payment }: Pick<GatewayClawback, 'kind' | 'reference' | 'payment'>,
): Promise<Sight> {
  const { payments } = line.gateway
  const told = payments ? await line.read((way) => payments.fetch(payment, way)) : null
  if (told?.state === 'failed') {
    return { sight: 'nothing', reason: `payment ${payment} was never captured, so ${kind} ${reference} took nothing` }
  }
  return { sight: 'waits', reason: `${kind} ${reference} is of payment ${payment}, which is not known here yet` }
}

export async function knownClawback(
  { reads, book }: BookContext,
  named: Pick<Clawback, 'kind' | 'gateway' | 'reference'>,
): Promise<Clawback | null> {
  return (await reads.record(book, 'clawbacks', clawbackKey(named))) as Clawback | null
}

function unread({ subject: { kind, reference } }: Looking): Sight {
  if (kind === 'refund') return { sight: 'waits', reason: `no instruction of ours made refund ${reference}` }
  return { sight: 'nothing', reason: `a dispute is for people to look at: ${reference}` }
}

interface Told {
  readonly gateway: string
  readonly told: GatewayClawback
  readonly revision: number
}

/**
 * What a payee's own account gave, and what the gateway charges, is posted first: should the process die in between, the
 * gateway tells all of it again.
 */
async function post(context: BookContext, { gateway, told, revision }: Told): Promise<Seen> {
  const { kind, reference, payment, taken, final, at } = told
  const call = { actor: `gateway:${gateway}` }
  const inTheWay = await takePayeePart(context, { gateway, told })
  if (inTheWay) return inTheWay
  await chargeClawbackFee(context, { gateway, told })
  const fact = { kind, gateway, reference, payment, taken, final, revision, at }
  const { result } = await context.run(recordClawbackCommand, fact, call)
  if (!result.overtaken) return { sight: 'posted' }
  return { sight: 'waits', reason: `somebody else has just looked at ${kind} ${reference}` }
}
