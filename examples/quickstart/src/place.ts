import type { Sandbox } from '@escrow-ledger/sandbox'
import type { Ledger } from 'escrow-ledger'
import type { SandboxGateway } from './sandbox-gateway.js'

/** What a life through a gateway takes place in. The ledger's clock is the sandbox's. */
export interface Place {
  readonly ledger: Ledger
  readonly sandbox: Sandbox
  /** The name that the ledger knows the gateway under. */
  readonly gateway: string
  readonly there: SandboxGateway
}
