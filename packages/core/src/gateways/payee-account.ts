/** What a gateway needs to know of a payee that it is to pay. Personal data: it is sent on, and never kept in the books. */
export interface PayeeDetails {
  readonly payee: string
  readonly name: string
  readonly email: string
  readonly phone?: string | undefined
  /** ISO 3166-1, two letters. */
  readonly country: string
  /** Whatever else the gateway asks for, in its own words. */
  readonly details?: Readonly<Record<string, unknown>> | undefined
}

/** How far a payee has come at the gateway. */
export interface PayeeAccount {
  /** What the gateway calls it, such as a linked account; what transfers name as their destination. */
  readonly reference: string
  /** `active` ones can be paid. */
  readonly state: 'created' | 'under_review' | 'needs_details' | 'active' | 'refused'
  /** What is missing, in the gateway's words. */
  readonly missing: readonly string[]
  /** Where the payee goes on by itself, where the gateway offers that. */
  readonly actionUrl: string | null
}
