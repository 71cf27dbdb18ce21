import { createHash } from 'node:crypto'
import type { Sandbox } from '@escrow-ledger/sandbox'
import type { Gateway, Money } from 'escrow-ledger'

/** One of the ledger's accounts, and what the gateway itself has for it. */
export interface Position {
  readonly title: string
  readonly account: string
  readonly currency: string
  /** In minor units, in the direction of the account. */
  readonly minor: bigint
}

/** A gateway as the demo uses it: its adapter, at a sandbox of it, and what people do there. */
export interface SandboxGateway {
  readonly adapter: Gateway
  /** A payer pays an order at the checkout. */
  pay(order: string): void
  /** The account that payouts leave from. */
  readonly payoutsFrom: string
  /** The platform sends money from its bank to that account. */
  topUp(amount: Money): void
  positions(): readonly Position[]
}

export type CreateSandboxGateway = (sandbox: Sandbox) => SandboxGateway

/** Something of a payee that every gateway takes for an address: names may be in any script. */
export const addressName = (payee: string): string =>
  `payee-${createHash('sha256').update(payee).digest('hex').slice(0, 16)}`
