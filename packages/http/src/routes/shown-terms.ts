import { format, fromMinor, type Terms } from 'escrow-ledger'
import { z } from 'zod'

const amount = z.string().describe('A decimal in the currency of the session.')
const percent = z.string()
const period = z.strictObject({ days: z.int(), hours: z.int(), minutes: z.int() })
const rateSchema = z.strictObject({ percent: percent.optional(), fixed: amount.optional() })

/** What was agreed, in the form in which `POST /sessions/open` takes it. */
export const termsSchema = z
  .strictObject({
    hold: period.describe('For how long what is held stays so after the session was completed.'),
    inspection: period.optional().describe('For how long an answer is waited for after delivery.'),
    step: amount.describe('What every amount is a multiple of.'),
    shares: z.array(
      z.strictObject({
        party: z.string(),
        percent: percent.optional(),
        fixed: amount.optional(),
        remainder: z.literal(true).optional(),
        floor: amount.optional(),
        cap: amount.optional(),
      }),
    ),
    deductions: z.array(
      z.strictObject({
        kind: z.literal('penalty'),
        name: z.string(),
        measure: z.string(),
        scale: z.strictObject({ min: z.string(), max: z.string() }),
        tiers: z.array(rateSchema.extend({ below: z.string().optional(), atLeast: z.string().optional() })),
        whenMissing: rateSchema.optional(),
        from: z.string(),
        to: z.array(z.strictObject({ to: z.enum(['payer', 'platform']), weight: z.int() })),
      }),
    ),
  })
  .meta({
    id: 'Terms',
    examples: [
      {
        hold: { days: 1, hours: 0, minutes: 0 },
        step: '0.01',
        shares: [
          { party: 'platform', percent: '20' },
          { party: 'coach', remainder: true },
        ],
        deductions: [],
      },
    ],
  })

export function shownTerms(terms: Terms, currency: string): z.output<typeof termsSchema> {
  const { holdMs, inspectionMs, stepMinor, shares, deductions } = terms
  const decimal = (minor: bigint | undefined) => (minor === undefined ? undefined : format(fromMinor(minor, currency)))
  const rateOf = ({
    percent: share,
    fixedMinor,
  }: {
    percent?: string | undefined
    fixedMinor?: bigint | undefined
  }) => ({
    percent: share,
    fixed: decimal(fixedMinor),
  })
  return {
    hold: periodOf(holdMs),
    inspection: inspectionMs === null ? undefined : periodOf(inspectionMs),
    step: decimal(stepMinor) ?? '',
    shares: shares.map(({ party, remainder, floorMinor, capMinor, ...rate }) => ({
      ...{ party, ...rateOf(rate), remainder, floor: decimal(floorMinor), cap: decimal(capMinor) },
    })),
    deductions: deductions.map(({ kind, name, measure, scale, tiers, whenMissing, from, to }) => ({
      ...{ kind, name, measure, scale, from, to: [...to] },
      tiers: tiers.map(({ below, atLeast, ...rate }) => ({ ...rateOf(rate), below, atLeast })),
      whenMissing: whenMissing ? rateOf(whenMissing) : undefined,
    })),
  }
}

const MINUTE_MS = 60_000

function periodOf(ms: number): z.output<typeof period> {
  const minutes = Math.floor(ms / MINUTE_MS)
  return { days: Math.floor(minutes / 1_440), hours: Math.floor(minutes / 60) % 24, minutes: minutes % 60 }
}
