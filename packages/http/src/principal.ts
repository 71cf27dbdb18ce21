/** What somebody may be to the ledger. One principal may be several. */
export const roles = ['payer', 'payee', 'operator', 'service'] as const
export type Role = (typeof roles)[number]

/** Who asks, as the host's `authenticate` found out. */
export interface Principal {
  /** The id under which payers and payees stand in the ledger, 1 to 128 characters. */
  readonly id: string
  /** `payer` and `payee` act for themselves alone; `operator` is staff; `service` is a program of the host's. */
  readonly roles: readonly Role[]
  /** What may be done at most, as operation ids (`sessions.complete`) or their beginnings (`sessions.*`); everything unless it is given. */
  readonly scopes?: readonly string[] | undefined
  /** The plan that the principal is on, such as `trial`. */
  readonly plan?: string | undefined
  /** When its trial ends, in milliseconds since 1970. */
  readonly trialEndsAt?: number | undefined
}

/**
 * Says who asks; null when the request does not say. Throws a `Problem` for credentials that are wrong. It must not read
 * the body.
 */
export type Authenticate = (request: Request) => Promise<Principal | null> | Principal | null
