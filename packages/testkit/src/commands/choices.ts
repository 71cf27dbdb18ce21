import { escapeSegment, type WireMoney } from 'escrow-ledger'
import type { OracleInstructionName } from '../oracle/index.js'
import type { Dice } from './dice.js'
import { balanceOf, lastEntryOf, type Scene, viewOf, written } from './scene.js'

export const escrowIds = ['s1', 's2', 's:3%é', 's4', 's5', 's6', 's7', 's8'] as const
const gateways = ['razorpay', 'paypal', 'bank'] as const
export const payers = ['c1', 'c:2'] as const
export const payees = ['p1', 'p2', 'p3', 'p:3%'] as const
/** Accounts of the hosts' own that hold credit; the second has a ceiling. */
export const wallets = ['wallet:c1', 'wallet:c2'] as const

/** The wallets that were opened, or all of them while none was. */
export function openWallets(scene: Scene): readonly string[] {
  const open = wallets.filter((code) => scene.oracle.balances().has(`INR:${code}`))
  return open.length > 0 ? open : wallets
}

/** What the ledgers and the oracle are told of one gateway: where its money is, its step and its minimum. */
export const bankGateway = { account: 'bank:hdfc', stepMinor: 50n, minimumMinor: 500n } as const

export const gateway = (dice: Dice): string => dice.pick(gateways)

/** An escrow to do something with: one that was opened, nearly always. */
export function escrowId(scene: Scene, dice: Dice): string {
  const isUnknown = dice.chance(2)
  const opened = dice.pick(scene.escrows.length > 0 ? scene.escrows : escrowIds)
  return isUnknown ? 'unknown' : opened
}

/** An escrow that a step makes sense for, where there is one; any other now and then. */
export function escrowThat(
  scene: Scene,
  dice: Dice,
  fits: (view: NonNullable<ReturnType<typeof viewOf>>) => boolean,
): string {
  const fitting = scene.escrows.filter((id) => {
    const view = viewOf(scene, id)
    return view !== undefined && fits(view)
  })
  const isAny = dice.chance(25)
  const any = escrowId(scene, dice)
  return isAny || fitting.length === 0 ? any : dice.pick(fitting)
}

const otherCurrency = (currency: string): string => (currency === 'USD' ? 'EUR' : 'USD')

/** An amount near what there is: all of it, a part, a little more, off its step, or of another currency. */
export function amountNear(dice: Dice, most: bigint, { currency, step = 1n }: { currency: string; step?: bigint }) {
  const down = (minor: bigint) => minor - (minor % step)
  const choices = [
    most,
    most,
    down(most / 2n),
    down(most / 2n),
    down(most / 3n),
    most - step,
    step,
    most + step,
    most / 2n + 1n,
    most * 2n,
  ]
  const minor = dice.pick(choices)
  return written(minor > 0n ? minor : step, dice.chance(4) ? otherCurrency(currency) : currency)
}

/** The same, or nothing at all, which means all of it. */
export function amountOrAll(
  dice: Dice,
  most: bigint,
  unit: { currency: string; step?: bigint },
): WireMoney | undefined {
  const isAll = dice.chance(40)
  const near = amountNear(dice, most, unit)
  return isAll ? undefined : near
}

export const dayOf = (instant: number): string => new Date(instant).toISOString().slice(0, 10)

/** When something happened: now, nearly always left out; else about times that matter. */
export function time(
  scene: Scene,
  dice: Dice,
  about: readonly (number | undefined)[] = [],
): number | string | undefined {
  const { clock, closedThrough } = scene
  const isGiven = dice.chance(35)
  const near = about.flatMap((at) => (at === undefined ? [] : [at, at, at - 1]))
  const choices: readonly (number | string)[] = [
    clock.now,
    ...near.filter((at) => at <= clock.now + 1),
    clock.now - 3_600_000,
    clock.now + 1,
    dayOf(clock.now),
    ...(closedThrough === null ? [] : [closedThrough, closedThrough]),
    dayOf(clock.now + 86_400_000),
  ]
  const chosen = dice.pick(choices)
  return isGiven ? chosen : undefined
}

/** Times about an escrow: its last entry, when it was opened, delivered and completed, and when it falls due. */
export function escrowTime(scene: Scene, dice: Dice, id: string): number | string | undefined {
  const view = viewOf(scene, id)
  const about = [lastEntryOf(scene, id), view?.dueAt, view?.openedAt, view?.deliveredAt, view?.completedAt]
  return time(scene, dice, about)
}

/** An account that a step may be about: one that exists, nearly always. */
export function accountCode({ oracle }: Scene, dice: Dice): string {
  const existing = [...new Set([...oracle.balances().keys()].map((key) => key.slice(key.indexOf(':') + 1)))]
  const isAny = dice.chance(15) || existing.length === 0
  const some = dice.pick(['payee:p1:payable', 'payer:c1:refunds', 'suspense:razorpay', 'tax:gst:payable', 'wallet:c1'])
  return isAny ? some : dice.pick(existing)
}

/** An account that holds nothing in any currency, where there is one. */
export function emptyCode(scene: Scene, dice: Dice): string {
  const sums = new Map<string, boolean>()
  for (const [key, balance] of scene.oracle.balances()) {
    const code = key.slice(key.indexOf(':') + 1)
    sums.set(code, (sums.get(code) ?? true) && balance === 0n)
  }
  const empty = [...sums].flatMap(([code, isEmpty]) => (isEmpty ? [code] : []))
  const isAny = dice.chance(30) || empty.length === 0
  const any = accountCode(scene, dice)
  return isAny ? any : dice.pick(empty)
}

/** What a payee is owed, in a currency in which it is owed something if there is one. */
export function owedTo(scene: Scene, payee: string): { currency: string; minor: bigint } {
  const code = `payee:${escapeSegment(payee)}:payable`
  const currencies = ['INR', 'JPY', 'KWD', 'USD']
  const owed = currencies.map((currency) => ({ currency, minor: balanceOf(scene, code, currency) }))
  return owed.find(({ minor }) => minor > 0n) ?? { currency: 'INR', minor: 0n }
}

/** Codes that were asked to be frozen, whether they still are or not. */
export function frozenCodes({ asked }: Scene): readonly string[] {
  return asked.flatMap(({ command, input }) =>
    command === 'accounts.freeze' ? [(input as { readonly code: string }).code] : [],
  )
}

/** The account that is credited when nothing comes of an instruction. */
export function ownerOf({ oracle }: Scene, name: OracleInstructionName): string {
  const { kind, payee = '', payer = '' } = oracle.instruction(name) ?? {}
  return kind === 'payout' ? `payee:${escapeSegment(payee)}:payable` : `payer:${escapeSegment(payer)}:refunds`
}
