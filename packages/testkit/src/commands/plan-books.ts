import { escapeSegment } from 'escrow-ledger'
import type { OracleEntry } from '../oracle/index.js'
import { accountCode, dayOf, emptyCode, frozenCodes, openWallets, ownerOf, payees, time } from './choices.js'
import type { Dice } from './dice.js'
import type { Plan } from './plan-escrow.js'
import { balanceOf, type Scene, viewOf, written } from './scene.js'

const DAY_MS = 86_400_000

/** What a plain entry moves: out of one account into another, some of it more than there is. */
function movement(scene: Scene, dice: Dice): { debit: string; credit: string; minor: bigint } {
  const wallet = dice.pick(openWallets(scene))
  const payable = `payee:${escapeSegment(dice.pick(payees))}:payable`
  const minor = dice.pick([20_000n, 100_000n, 1_000n, 333n, 1n])
  const isTopUp = dice.chance(40)
  const topUp = { debit: 'bank:hdfc', credit: wallet, minor: 20_000n }
  const other = dice.pick([
    { debit: 'bank:hdfc', credit: wallet, minor },
    { debit: 'platform:promotions', credit: payable, minor },
    { debit: wallet, credit: 'platform:fees', minor },
    { debit: payable, credit: 'bank:hdfc', minor: balanceOf(scene, payable, 'INR') || 1n },
    { debit: 'bank:hdfc', credit: accountCode(scene, dice), minor },
    { debit: accountCode(scene, dice), credit: 'bank:hdfc', minor },
    { debit: 'gateway:vault:fees', credit: 'opening-balances', minor: 2n ** 63n - 1n },
    { debit: 'wallet:nobody', credit: 'bank:hdfc', minor },
    { debit: 'bank:hdfc', credit: 'wallet:c2', minor: 130_000n },
  ])
  return isTopUp ? topUp : other
}

function entry(scene: Scene, dice: Dice) {
  const { debit, credit, minor } = movement(scene, dice)
  const amount = written(minor, 'INR')
  const isUnbalanced = dice.chance(4)
  const expected = dice.pick([debit, credit, 'wallet:nobody', 'tax:gst:payable'])
  const expectation = dice.pick([
    { version: 0 },
    { atLeast: written(0n, 'INR') },
    { atMost: written(0n, 'INR') },
    { atLeast: written(1n, 'INR') },
  ])
  return {
    postings: [
      { account: debit, debit: amount },
      { account: credit, credit: isUnbalanced ? written(minor - 1n || 2n, 'INR') : amount },
    ],
    effectiveAt: time(scene, dice),
    description: 'moved',
    metadata: dice.chance(30) ? { order: '42' } : undefined,
    reference: dice.chance(30) ? 'ref-1' : undefined,
    expect: dice.chance(20) ? [{ account: expected, currency: 'INR', ...expectation }] : undefined,
  }
}

/** An entry of more postings than any may have. */
const tooLarge = () => ({
  postings: Array.from({ length: 1_002 }, (_, index) => ({
    account: index % 2 === 0 ? 'bank:hdfc' : 'opening-balances',
    [index % 2 === 0 ? 'debit' : 'credit']: written(1n, 'INR'),
  })),
})

export const post: Plan = (scene, dice) => {
  const isList = dice.chance(20)
  const isTooLarge = dice.chance(0.5)
  const one = entry(scene, dice)
  const other = entry(scene, dice)
  return { command: 'journal.post', input: isTooLarge ? tooLarge() : isList ? [one, other] : one }
}

export const reverseEntry: Plan = (scene, dice) => {
  const entries = scene.oracle.entries()
  const isPlain = ({ kind }: OracleEntry) => kind === 'journal' || kind === 'reversal'
  const plain = entries.filter(isPlain)
  const among = dice.chance(92) && plain.length > 0 ? plain : entries
  const isUnknown = dice.chance(5) || among.length === 0
  const index = isUnknown ? 1_000 : dice.pick(among).index
  const about = entries[index]?.effectiveAt
  const effectiveAt = time(scene, dice, [about]) ?? scene.clock.now
  return { command: 'journal.reverse', input: { entry: index, effectiveAt, reason: 'typo' } }
}

export const openAccount: Plan = (scene, dice) => {
  const zero = written(0n, 'INR')
  const wallets = [
    { code: 'wallet:c1', currency: 'INR', type: 'liability', floor: zero },
    { code: 'wallet:c2', currency: 'INR', type: 'liability', floor: zero, ceiling: written(120_000n, 'INR') },
    { code: 'wallet:c1', currency: 'USD', type: 'liability' },
  ]
  const missing = wallets.filter(({ code, currency }) => !scene.oracle.balances().has(`${currency}:${code}`))
  const others = [
    { code: 'payee:p1:payable', currency: 'INR' },
    { code: 'bank:hdfc', currency: 'INR', type: 'asset' },
    { code: 'payee:p2:payable', currency: 'USD' },
    { code: 'payee:p2:payable', currency: 'INR', type: 'asset' },
    { code: 'platform:fees', currency: 'INR', floor: zero },
    { code: 'wallet:c3', currency: 'INR' },
    { code: 'wallet:c3', currency: 'INR', type: 'liability', floor: written(1n, 'INR') },
    { code: accountCode(scene, dice), currency: dice.pick(['JPY', 'KWD']) },
    ...wallets,
  ]
  const isMissing = dice.chance(60) && missing.length > 0
  const input = dice.pick<Readonly<Record<string, unknown>>>(isMissing ? missing : others)
  return { command: 'accounts.open', input }
}

/** Accounts that what becomes of an instruction would be credited to. */
function ownersOf(scene: Scene): readonly string[] {
  const names = [...scene.payouts, ...scene.refunds]
  return names.flatMap((name) => (scene.oracle.instruction(name)?.state === 'recorded' ? ownerOf(scene, name) : []))
}

export const freeze: Plan = (scene, dice) => {
  const owners = ownersOf(scene)
  const isOwner = dice.chance(40) && owners.length > 0
  const what = dice.pick([undefined, 'all', 'debits'])
  const any = accountCode(scene, dice)
  const input = isOwner ? { code: dice.pick(owners), what: 'all' } : { code: any, what }
  return { command: 'accounts.freeze', input: { ...input, reason: 'under review' } }
}

/** Frozen accounts are thawed again soon, so that not everything comes to a halt. */
export const unfreeze: Plan = (scene, dice) => {
  const frozen = frozenCodes(scene)
  const codes = dice.chance(80) && frozen.length > 0 ? frozen : ['suspense:razorpay', accountCode(scene, dice)]
  return { command: 'accounts.unfreeze', input: { code: dice.pick(codes) } }
}

/** Accounts that deals pass their money through without leaving any: closing one of them stops what comes next. */
const passing = /:frozen$|:refunds$|:in-transit:|:payable$|^wallet:/

export const closeAccount: Plan = (scene, dice) => {
  const empty = [...scene.oracle.balances()].flatMap(([key, balance]) => {
    const code = key.slice(key.indexOf(':') + 1)
    return balance === 0n && passing.test(code) ? [code] : []
  })
  const holding = scene.escrows.filter((id) => (viewOf(scene, id)?.held ?? 0n) > 0n)
  const frozen = empty.filter((code) => holding.some((id) => code === `escrow:${escapeSegment(id)}:frozen`))
  const some = dice.chance(40) && frozen.length > 0 ? frozen : empty
  const isPassing = dice.chance(60) && some.length > 0
  const any = emptyCode(scene, dice)
  return { command: 'accounts.close', input: { code: isPassing ? dice.pick(some) : any, reason: 'left' } }
}

export const openBook: Plan = (_, dice) => ({
  command: 'books.open',
  input: { timeZone: dice.pick(['Asia/Kolkata', 'America/New_York', 'UTC', 'Mars/Olympus']) },
})

export const closeBook: Plan = ({ clock, closedThrough }, dice) => {
  const yesterday = dayOf(clock.now - DAY_MS)
  const through = dice.pick([
    yesterday,
    dayOf(clock.now - 2 * DAY_MS),
    closedThrough ?? yesterday,
    dayOf(clock.now),
    '2026-02-30',
  ])
  return { command: 'books.close', input: { through } }
}
