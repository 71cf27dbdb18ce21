/** What a webhook says to look at. It is asked about in the API; nothing else of the event counts. */
export interface Subject {
  readonly kind:
    | 'order'
    | 'payment'
    | 'refund'
    | 'payout'
    | 'transfer'
    | 'reversal'
    | 'dispute'
    | 'settlement'
    | 'payee'
  /** What the gateway calls it. */
  readonly reference: string
  /** The key of the call that it came of, where the event names it; it is not believed before the API has been asked. */
  readonly key: string | null
}
