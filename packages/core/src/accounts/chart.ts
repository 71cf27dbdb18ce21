import { ledgerError } from '../errors/index.js'
import type { AccountType } from './account.js'
import { escapeSegment, unescapeSegment } from './text.js'

/** The codes of the accounts that the rules name. Ids are escaped, so that any id makes one segment. */
export const accountCodes = {
  clearing: (gateway: string) => `gateway:${escapeSegment(gateway)}:clearing`,
  gatewayPayouts: (gateway: string) => `gateway:${escapeSegment(gateway)}:payouts`,
  linked: (gateway: string, payee: string) => `gateway:${escapeSegment(gateway)}:linked:${escapeSegment(payee)}`,
  gatewayFees: (gateway: string) => `gateway:${escapeSegment(gateway)}:fees`,
  gatewayFeeTax: (gateway: string) => `gateway:${escapeSegment(gateway)}:fee-tax`,
  bank: (name: string) => `bank:${escapeSegment(name)}`,
  held: (escrow: string) => `escrow:${escapeSegment(escrow)}`,
  frozen: (escrow: string) => `escrow:${escapeSegment(escrow)}:frozen`,
  payable: (payee: string) => `payee:${escapeSegment(payee)}:payable`,
  payerRefunds: (payer: string) => `payer:${escapeSegment(payer)}:refunds`,
  settlementsInTransit: (gateway: string) => `settlements:in-transit:${escapeSegment(gateway)}`,
  refundsInTransit: (gateway: string) => `refunds:in-transit:${escapeSegment(gateway)}`,
  payoutsInTransit: (gateway: string) => `payouts:in-transit:${escapeSegment(gateway)}`,
  platformFees: 'platform:fees',
  platformPenalties: 'platform:penalties',
  platformLosses: 'platform:losses',
  suspense: (gateway: string) => `suspense:${escapeSegment(gateway)}`,
  fx: (from: string, to: string) => `fx:${from}-${to}`,
} as const

/** What the chart says of a code: its type, its floor, and whether only the rules' own commands move it. */
export interface ChartRule {
  readonly type: AccountType
  /** The account never goes below zero. */
  readonly nonNegative: boolean
  /** Only the commands that own it post to it; a plain journal entry is refused with `account_reserved`. */
  readonly reserved: boolean
}

/** A line of the chart. */
export interface ChartLine extends ChartRule {
  /** Such as `payee:*:payable`: `*` stands for one escaped id. */
  readonly pattern: string
  readonly example: string
}

/** The chart of accounts (design, section 4). `*` stands for one escaped segment. */
export const chart: readonly ChartLine[] = [
  line('gateway:*:clearing', 'gateway:razorpay:clearing', 'asset'),
  line('settlements:in-transit:*', 'settlements:in-transit:razorpay', 'asset', { nonNegative: true, reserved: true }),
  line('gateway:*:payouts', 'gateway:razorpay:payouts', 'asset'),
  line('gateway:*:linked:*', 'gateway:razorpay:linked:priya', 'asset', { nonNegative: true }),
  line('gateway:*:fees', 'gateway:razorpay:fees', 'expense'),
  line('gateway:*:fee-tax', 'gateway:razorpay:fee-tax', 'asset'),
  line('bank:*', 'bank:hdfc', 'asset'),
  line('escrow:*', 'escrow:session-42', 'liability', { nonNegative: true, reserved: true }),
  line('escrow:*:frozen', 'escrow:session-42:frozen', 'liability', { nonNegative: true, reserved: true }),
  line('payee:*:payable', 'payee:priya:payable', 'liability', { nonNegative: true }),
  line('payee:*:reserve', 'payee:priya:reserve', 'liability', { nonNegative: true }),
  line('payee:*:receivable', 'payee:priya:receivable', 'asset', { nonNegative: true }),
  line('payer:*:refunds', 'payer:chen:refunds', 'liability', { nonNegative: true, reserved: true }),
  line('refunds:in-transit:*', 'refunds:in-transit:razorpay', 'liability', { nonNegative: true, reserved: true }),
  line('payouts:in-transit:*', 'payouts:in-transit:razorpay', 'liability', { nonNegative: true, reserved: true }),
  line('platform:fees', 'platform:fees', 'income'),
  line('platform:penalties', 'platform:penalties', 'income'),
  line('platform:losses', 'platform:losses', 'expense'),
  line('platform:promotions', 'platform:promotions', 'expense'),
  line('tax:*:payable', 'tax:gst:payable', 'liability', { nonNegative: true }),
  line('fx:*', 'fx:USD-INR', 'equity'),
  line('opening-balances', 'opening-balances', 'equity'),
  // Reserved as well, so that the open items always add up to the account.
  line('suspense:*', 'suspense:razorpay', 'liability', { reserved: true }),
]

function line(
  pattern: string,
  example: string,
  type: AccountType,
  { nonNegative = false, reserved = false }: { nonNegative?: boolean; reserved?: boolean } = {},
): ChartLine {
  return { pattern, example, type, nonNegative, reserved }
}

const patterns = chart.map((rule) => ({ rule, segments: rule.pattern.split(':') }))
const ruleCache = new Map<string, ChartLine | null>()
const RULE_CACHE_LIMIT = 10_000

/** The chart's rule for a code, or null for an account of the host's own. */
export function chartRule(code: string): ChartLine | null {
  const known = ruleCache.get(code)
  if (known !== undefined) return known
  const segments = code.split(':')
  const found = patterns.find(
    (candidate) =>
      candidate.segments.length === segments.length &&
      candidate.segments.every((segment, index) =>
        segment === '*' ? segments[index] !== '' : segment === segments[index],
      ),
  )
  const rule = found?.rule ?? null
  if (ruleCache.size >= RULE_CACHE_LIMIT) ruleCache.clear()
  ruleCache.set(code, rule)
  return rule
}

/** The id inside a code of the chart, such as the payee of `payee:p9:payable`. */
export function idInCode(code: string): string {
  return unescapeSegment(code.split(':')[1] ?? '')
}

/** Refuses a plain entry that would move an account which only its own commands move. */
export function checkNotReserved(code: string): void {
  if (!chartRule(code)?.reserved) return
  throw ledgerError(
    'account_reserved',
    `Account ${code} moves only by the escrow, payment and instruction commands. Use the command for what happened.`,
    { account: code },
  )
}
