import { createServer } from 'node:http'
import { createPayPalGateway } from '@escrow-ledger/paypal'
import { createRazorpayGateway } from '@escrow-ledger/razorpay'
import { createSandbox, type Sandbox } from '@escrow-ledger/sandbox'
import { createSqliteStorage } from '@escrow-ledger/sqlite'
import BetterSqlite3 from 'better-sqlite3'
import {
  createLedger,
  createManualGateway,
  createWorker,
  type Gateway,
  type Ledger,
  LedgerError,
  money,
  type Worker,
} from 'escrow-ledger'
import { type MortalStorage, mortal, ProcessDied } from './mortal-storage.js'
import { openSales, type Sales } from './paypal-sales.js'

/** When the process dies beside a call to a gateway. */
export type CallCrash = 'before the call' | 'after the call'

/** One process: a ledger with its worker, which can die. */
interface Life {
  readonly ledger: Ledger
  readonly worker: Worker
  readonly mortal: MortalStorage
}

export interface Marketplace {
  readonly sandbox: Sandbox
  /** The payee of each linked account. */
  readonly linked: ReadonlyMap<string, string>
  /** What is sold for a seller at PayPal. */
  readonly sales: Sales
  /** The ledger of the process that lives now. */
  readonly ledger: () => Ledger
  /** Does something; when the process dies of it, another one is started, and the answer is `died`. */
  survive<Answer>(work: (ledger: Ledger) => Promise<Answer>): Promise<Answer | 'died'>
  /** One round of the worker. */
  round(): Promise<void>
  /** Dies beside the next call to a gateway. */
  dieBeside(crash: CallCrash): void
  /** Dies in place of the nth unit of work from now. */
  dieAt(nth: number): void
  advance(ms: number): Promise<void>
  /** How often it has died. */
  deaths(): number
  close(): Promise<void>
}

/** Linked accounts and fund accounts of the payees, made before anything else happens. */
const PAYEES = ['priya', 'tom'] as const

/**
 * A marketplace at both gateways: the sandbox over real HTTP, webhooks to a server of its own, and a process that can die
 * and be started again over the same database. Its clock is the sandbox's.
 */
export async function openMarketplace(seed: number): Promise<Marketplace> {
  const sandbox = await createSandbox({ seed, razorpay: { settlements: 'manual' } })
  const { clock, razorpay, paypal } = sandbox
  const database = new BetterSqlite3(':memory:')
  const random = seededBytes(seed)
  const destinations = new Map<string, string>()
  const sales = openSales(sandbox)
  let crash: CallCrash | null = null
  let deaths = 0
  let life: Life

  const dying = (gateway: Gateway, own: () => MortalStorage): Gateway => {
    const beside = async <Answer>(send: () => Promise<Answer>): Promise<Answer> => {
      const planned = crash
      if (planned === null) return send()
      crash = null
      if (planned === 'after the call') await send().catch(() => {})
      own().die()
      throw new ProcessDied(`the process has died ${planned}`)
    }
    const { payoutBatches } = gateway
    return {
      ...gateway,
      send: (call, context) => beside(() => gateway.send(call, context)),
      ...(payoutBatches && {
        payoutBatches: {
          ...payoutBatches,
          send: (batch, context) => beside(() => payoutBatches.send(batch, context)),
        },
      }),
    }
  }

  async function live(): Promise<Life> {
    const kept = mortal(createSqliteStorage({ database }))
    const own = () => kept
    const destinationOf = async (payee: string, kind: string) => destinations.get(`${kind}:${payee}`) ?? null
    const gateways = {
      razorpay: dying(
        createRazorpayGateway({
          environment: 'test',
          keyId: razorpay.keyId,
          keySecret: razorpay.keySecret,
          webhookSecrets: [razorpay.webhookSecret],
          payouts: { accountNumber: razorpay.accountNumber },
          baseUrl: razorpay.url,
          destinationOf,
        }),
        own,
      ),
      paypal: dying(
        createPayPalGateway({
          environment: 'sandbox',
          clientId: paypal.clientId,
          clientSecret: paypal.clientSecret,
          baseUrl: paypal.url,
          partnerId: paypal.merchantId,
          orderDetails: sales.orderDetails,
          destinationOf: async (payee, kind) => (kind === 'transfer' ? sales.accountOf(payee) : `${payee}@example.com`),
          webhooks: {
            webhookId: paypal.webhookId,
            fetchCertificate: paypal.fetchCertificate,
            trustedRoots: paypal.trustedRoots,
            now: clock.now,
          },
        }),
        own,
      ),
      manual: createManualGateway({ bank: 'hdfc' }),
    }
    const unlimited = { failures: 1_000_000, concurrency: 1 }
    const ledger = createLedger({
      storage: kept.storage,
      gateways,
      gatewayLimits: { razorpay: unlimited, paypal: unlimited },
      runtime: { now: clock.now, random },
    })
    return { ledger, mortal: kept, worker: createWorker(ledger, { manual: true }) }
  }

  life = await live()
  await life.ledger.migrate()

  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const gateway = request.url === '/paypal' ? 'paypal' : 'razorpay'
      try {
        await life.ledger.webhooks.receive({ gateway, headers: request.headers, rawBody: Buffer.concat(chunks) })
        response.writeHead(204).end()
      } catch (error) {
        response.writeHead(error instanceof LedgerError && error.kind === 'invalid' ? 400 : 503).end()
      }
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const address = receiver.address()
  const url = typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : ''
  sandbox.webhooks.to(`${url}/razorpay`, 'razorpay')
  sandbox.webhooks.to(`${url}/paypal`, 'paypal')

  await takeUpPayees(sandbox, destinations)
  razorpay.topUp(10_000_000n)
  await life.ledger.journal.post({
    postings: [
      { account: 'gateway:razorpay:payouts', debit: money('100000.00', 'INR') },
      { account: 'opening-balances', credit: money('100000.00', 'INR') },
    ],
  })

  async function survive<Answer>(work: (ledger: Ledger) => Promise<Answer>): Promise<Answer | 'died'> {
    try {
      const answer = await work(life.ledger)
      if (!life.mortal.isDead()) return answer
    } catch (error) {
      if (!life.mortal.isDead()) throw error
    }
    deaths += 1
    life = await live()
    return 'died'
  }

  return {
    sandbox,
    linked: new Map(PAYEES.map((payee) => [destinations.get(`transfer:${payee}`) ?? '', payee])),
    sales,
    ledger: () => life.ledger,
    survive,
    round: async () => {
      const health = await survive(() => life.worker.runOnce())
      if (health === 'died' || health.ok) return
      // A question to a gateway may well fail; nothing else may.
      const failed = health.tasks.flatMap(({ task, lastError }) =>
        lastError === null || task === 'statements' ? [] : [`${task}: ${lastError}`],
      )
      if (failed.length > 0) throw new Error(`A round of the worker failed: ${failed.join('; ')}`)
    },
    dieBeside: (planned) => {
      crash = planned
    },
    dieAt: (nth) => life.mortal.dieAt(nth),
    deaths: () => deaths,
    async advance(ms) {
      await clock.advance(ms)
      await sandbox.webhooks.idle()
    },
    async close() {
      await sandbox.close()
      await new Promise((resolve) => {
        receiver.close(resolve)
        receiver.closeAllConnections()
      })
      database.close()
    },
  }
}

async function takeUpPayees({ razorpay }: Sandbox, destinations: Map<string, string>): Promise<void> {
  const gateway = createRazorpayGateway({
    environment: 'test',
    keyId: razorpay.keyId,
    keySecret: razorpay.keySecret,
    payouts: { accountNumber: razorpay.accountNumber },
    baseUrl: razorpay.url,
  })
  const context = { signal: new AbortController().signal, now: () => 0, record: () => {} }
  for (const payee of PAYEES) {
    const details = { account: { profile: { category: 'education', subcategory: 'coaching' } } }
    const person = { payee, name: 'A Coach', email: `${payee}@example.com`, phone: '9000090000', country: 'IN' }
    const { reference } = await gateway.payees.onboard({ ...person, details }, context)
    razorpay.activateAccount(reference)
    const contact = await gateway.fundAccounts.createContact({ payee, name: 'A Coach' }, context)
    const fund = await gateway.fundAccounts.create(contact.reference, { vpa: `${payee}@exampleupi` }, context)
    destinations.set(`transfer:${payee}`, reference)
    destinations.set(`payout:${payee}`, fund.reference)
  }
}

/** Bytes that are the same in every run with the same seed (mulberry32). */
function seededBytes(seed: number): (bytes: number) => Uint8Array {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) & 0xff
  }
  return (bytes) => Uint8Array.from({ length: bytes }, next)
}
