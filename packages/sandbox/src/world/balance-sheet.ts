/** Money that goes from one pocket to another. */
export interface Movement {
  readonly from: string
  readonly to: string
  readonly amountMinor: bigint
  readonly currency: string
  /** The pocket that it comes from may owe it: a lost dispute is taken whether there is money or not. */
  readonly mayOwe?: boolean | undefined
}

/** A pocket does not hold what was to be taken from it. Nothing moved. */
export class PocketEmpty extends Error {
  readonly pocket: string
  readonly availableMinor: bigint

  constructor(pocket: string, availableMinor: bigint) {
    super(`The pocket ${pocket} holds ${availableMinor} and not what was to be taken from it.`)
    this.name = 'PocketEmpty'
    this.pocket = pocket
    this.availableMinor = availableMinor
  }
}

export interface BalanceSheet {
  /** All of them, or none: throws `PocketEmpty` when a pocket would end below zero. Movements of zero are left out. */
  move(...movements: readonly Movement[]): void
  balance(pocket: string, currency: string): bigint
  /** Pocket → currency → minor units; pockets outside are those with what they gave (below zero) or got. */
  snapshot(): Record<string, Record<string, bigint>>
}

/** The world outside the gateway, which gives and takes without end: `outside:payers`, `outside:banks`. */
const isOutside = (pocket: string): boolean => pocket.startsWith('outside:')

/**
 * Where the money of a gateway is. It only moves from pocket to pocket, and no pocket but those outside goes below zero,
 * nor those that `mayOwe` names (where a gateway lets a balance go negative).
 */
export function createBalanceSheet(mayOwe: (pocket: string) => boolean = () => false): BalanceSheet {
  const held = new Map<string, Map<string, bigint>>()
  const balance = (pocket: string, currency: string) => held.get(pocket)?.get(currency) ?? 0n

  function add(pocket: string, currency: string, amountMinor: bigint): void {
    const currencies = held.get(pocket) ?? new Map<string, bigint>()
    currencies.set(currency, (currencies.get(currency) ?? 0n) + amountMinor)
    held.set(pocket, currencies)
  }

  return {
    balance,
    move(...movements) {
      const changes = netChanges(movements)
      for (const { pocket, currency, amountMinor, owed } of changes) {
        const available = balance(pocket, currency)
        const free = owed || isOutside(pocket) || mayOwe(pocket)
        if (amountMinor < 0n && available + amountMinor < 0n && !free) throw new PocketEmpty(pocket, available)
      }
      for (const { pocket, currency, amountMinor } of changes) add(pocket, currency, amountMinor)
      assertConserved(held)
    },
    snapshot: () =>
      Object.fromEntries(
        [...held]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([pocket, amounts]) => [pocket, Object.fromEntries(amounts)]),
      ),
  }
}

interface Change {
  readonly pocket: string
  readonly currency: string
  amountMinor: bigint
  owed: boolean
}

function netChanges(movements: readonly Movement[]): Change[] {
  const changes = new Map<string, Change>()
  const note = (pocket: string, currency: string, amountMinor: bigint, owed: boolean) => {
    const change = changes.get(`${pocket} ${currency}`) ?? { pocket, currency, amountMinor: 0n, owed: false }
    change.amountMinor += amountMinor
    change.owed ||= owed
    changes.set(`${pocket} ${currency}`, change)
  }
  for (const { from, to, amountMinor, currency, mayOwe = false } of movements) {
    if (amountMinor < 0n) throw new RangeError(`${amountMinor} ${currency} from ${from} to ${to} is below zero.`)
    if (amountMinor === 0n) continue
    note(from, currency, -amountMinor, mayOwe)
    note(to, currency, amountMinor, false)
  }
  return [...changes.values()]
}

/** What came in from outside is what went out and what is held. */
function assertConserved(held: ReadonlyMap<string, ReadonlyMap<string, bigint>>): void {
  const totals = new Map<string, bigint>()
  for (const currencies of held.values()) {
    for (const [currency, amount] of currencies) totals.set(currency, (totals.get(currency) ?? 0n) + amount)
  }
  for (const [currency, total] of totals) {
    if (total !== 0n) throw new Error(`${total} ${currency} came from nowhere.`)
  }
}
