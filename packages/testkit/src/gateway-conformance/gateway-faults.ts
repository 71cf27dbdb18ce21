/** What can go wrong with a request to a gateway. */
export type GatewayFault =
  | 'request lost'
  | 'answer lost'
  | 'error before'
  | 'error after'
  | 'too many requests'
  | 'unreadable answer'
  | 'late answer'

interface FaultFacts {
  /** Whether the gateway does what was asked all the same. */
  readonly done: boolean
  readonly inWords: string
}

/** Each fault, with what it means. */
export const gatewayFaults: Readonly<Record<GatewayFault, FaultFacts>> = {
  'request lost': { done: false, inWords: 'the connection is lost before the request arrives' },
  'answer lost': { done: true, inWords: 'the connection is lost before the answer arrives' },
  'error before': { done: false, inWords: 'the gateway fails before it has done it' },
  'error after': { done: true, inWords: 'the gateway fails after it has done it' },
  'too many requests': { done: false, inWords: 'the gateway is asked too much' },
  'unreadable answer': { done: true, inWords: 'nobody can read the answer' },
  'late answer': { done: true, inWords: 'the answer comes after the deadline' },
}

export const faultNames = Object.keys(gatewayFaults) as readonly GatewayFault[]
