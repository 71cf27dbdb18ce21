import { invariant } from '../errors/index.js'
import type { PayoutCall } from '../gateways/call.js'
import type { Exchange } from '../gateways/exchange.js'
import type { CallOutcome } from '../gateways/outcome.js'
import type { PayoutPage } from '../gateways/payout-batches.js'
import type { BookContext } from './context.js'
import { CallFailure, type GatewayLine } from './gateway-line.js'

interface ReadPage {
  readonly page: PayoutPage
  readonly exchanges: readonly Exchange[]
}

/** A gateway, by its name here and the way to it. */
interface Place {
  readonly gateway: string
  readonly line: GatewayLine
}

/** The pages of one batch that were read, or are being read, by their number. */
interface Reading {
  readonly begunAt: number
  readonly pages: Map<number, Promise<ReadPage>>
}

/** What became of the payouts of batches, of which each page is read once and only when a payout on it is asked about. */
export interface BatchReadings {
  /** What became of one payout of a batch, by the batch's reference. Throws `CallFailure`. */
  ask(
    at: Place,
    call: PayoutCall,
  ): Promise<{ readonly answer: CallOutcome; readonly exchanges: readonly Exchange[] } | null>
  /** The same readings, but for those that were begun when this had not yet been heard: what it tells may not be in them. */
  since(heardAt: number): BatchReadings
}

/** Readings for one run: what it has read once it does not read again. */
export function createBatchReadings({ runtime, observed }: Pick<BookContext, 'runtime' | 'observed'>): BatchReadings {
  const { now } = runtime
  const readings = new Map<GatewayLine, Map<string, Reading>>()

  function readingOf(line: GatewayLine, reference: string, heardAt: number): Reading {
    const ofLine = readings.get(line) ?? new Map<string, Reading>()
    readings.set(line, ofLine)
    const known = ofLine.get(reference)
    if (known && known.begunAt > heardAt) return known
    const reading: Reading = { begunAt: now(), pages: new Map() }
    ofLine.set(reference, reading)
    return reading
  }

  /** One page; one that nobody could read is read again by whoever asks next. */
  function pageOf(at: Place, { pages }: Reading, of: { reference: string; page: number }): Promise<ReadPage> {
    const known = pages.get(of.page)
    if (known) return known
    const reading = readPage(at, of)
    pages.set(of.page, reading)
    const forget = () => pages.delete(of.page)
    reading.then(({ page }) => page.outcome === 'unknown' && forget(), forget)
    return reading
  }

  async function readPage({ gateway, line }: Place, of: { reference: string; page: number }): Promise<ReadPage> {
    const { payoutBatches } = line.gateway
    invariant(payoutBatches, 'batches are read where there are any')
    const told = { gateway, kind: 'read', call: 'read', startedMs: observed?.elapsed() ?? 0 } as const
    try {
      const { answer: page, exchanges } = await line.call((way) => payoutBatches.read(of, way), {
        answered: ({ outcome }) => outcome === 'read',
      })
      observed?.gatewayCall({ ...told, outcome: page.outcome === 'read' ? 'answered' : 'failed', heldBack: false })
      return { page, exchanges }
    } catch (error) {
      const heldBack = error instanceof CallFailure && error.heldBack
      observed?.gatewayCall({ ...told, outcome: 'failed', heldBack })
      throw error
    }
  }

  async function ask(at: Place, call: PayoutCall, heardAt: number) {
    const { reference, key } = call
    const { payoutBatches } = at.line.gateway
    if (reference === null || !payoutBatches) return null
    const reading = readingOf(at.line, reference, heardAt)
    let others: CallOutcome | null = null
    for (let page = 1; ; page += 1) {
      const read = await pageOf(at, reading, { reference, page })
      const exchanges = read.exchanges.map((exchange) => payoutBatches.partOf(exchange, key))
      if (read.page.outcome === 'unknown') return { answer: read.page, exchanges }
      const found = read.page.payouts.get(key)
      // It may have come to a page since that was read while the gateway was at work on the batch: then it is not absent.
      if (others?.outcome !== 'accepted') others = read.page.others
      if (found || !read.page.more) return { answer: found ?? others, exchanges }
    }
  }

  const since = (heardAt: number): BatchReadings => ({ ask: (at, call) => ask(at, call, heardAt), since })
  return since(Number.NEGATIVE_INFINITY)
}
