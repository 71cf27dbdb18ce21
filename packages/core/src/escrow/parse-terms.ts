import { z } from 'zod'
import { type InputIssue, LedgerError } from '../errors/index.js'
import { textSchema } from '../journal/schema.js'
import { canonicalPercent, checkShares, compareScores, type Money, money, parseScore } from '../money/index.js'
import { shareRuleOf } from './share-rules.js'
import { type DeductionTerm, invalidTerms, type ShareTerm, TERMS_VERSION, type Terms } from './terms.js'

const name = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'must start with a letter and have only a-z, 0-9 and hyphens')
const decimal = z.string().max(40)
const period = z
  .strictObject({
    days: z.int().min(0).max(3650).optional(),
    hours: z.int().min(0).max(87_600).optional(),
    minutes: z.int().min(0).max(525_600).optional(),
  })
  // A setting that is missing in a host's configuration must not come to mean "at once".
  .refine((units) => Object.values(units).some((unit) => unit !== undefined), {
    error: 'must give days, hours or minutes: 0 for none',
  })
  .transform(({ days = 0, hours = 0, minutes = 0 }) => ((days * 24 + hours) * 60 + minutes) * 60_000)

const shareSchema = z.strictObject({
  party: name,
  percent: decimal.optional(),
  fixed: decimal.optional(),
  remainder: z.literal(true).optional(),
  floor: decimal.optional(),
  cap: decimal.optional(),
})

const rateSchema = z.strictObject({ percent: decimal.optional(), fixed: decimal.optional() })
const score = z.union([z.string(), z.number()])
const tierSchema = rateSchema.extend({ below: score.optional(), atLeast: score.optional() })
const destination = z.enum(['payer', 'platform'])

const deductionSchema = z.strictObject({
  kind: z.literal('penalty'),
  // Shown to people and matched with nothing, so any text will do: 'low satisfaction'.
  name: textSchema({ min: 1, max: 64 }),
  measure: name,
  scale: z.strictObject({ min: score, max: score }),
  tiers: z.array(tierSchema).min(1).max(50),
  whenMissing: rateSchema.optional(),
  from: name,
  to: z.union([
    destination,
    z
      .array(z.strictObject({ to: destination, weight: z.int().min(1).max(1_000_000) }))
      .min(1)
      .max(2),
  ]),
})

/** The shape of terms as a host writes them; what they mean together is checked by `parseTerms`. */
export const termsSchema = z.strictObject({
  hold: period.optional(),
  inspection: period.optional(),
  step: decimal.optional(),
  shares: z.array(shareSchema).min(1).max(100),
  deductions: z.array(deductionSchema).max(50).optional(),
})
/** Terms as a host writes them: plain data, amounts as decimal texts in the escrow's currency. */
export type TermsInput = z.input<typeof termsSchema>

/** The seed policy: held for a day after completion. */
const DEFAULT_HOLD_MS = 24 * 3_600_000

/** What the terms are agreed for. */
export interface Deal {
  readonly amount: Money
  readonly parties: Readonly<Record<string, string>>
}

/**
 * Reads terms for a deal. Throws `invalid_terms` with every issue: percentages above 100, money without an owner,
 * parties that are missing or not named, amounts that are not multiples of the step, tiers outside their scale.
 */
export function parseTerms(input: z.output<typeof termsSchema>, { amount, parties }: Deal): Terms {
  const issues: InputIssue[] = []
  const read = readerOf(amount.currency, issues)
  const stepMinor = (input.step === undefined ? undefined : read.amount(input.step, 'step')) ?? 1n
  if (stepMinor <= 0n) throw invalidTerms([{ path: 'step', message: 'A step is above zero.' }])

  const shares = input.shares.map((share, index): ShareTerm => {
    const path = `shares.${index}`
    return {
      party: share.party,
      percent: share.percent === undefined ? undefined : read.percent(share.percent, `${path}.percent`),
      fixedMinor: share.fixed === undefined ? undefined : read.amount(share.fixed, `${path}.fixed`),
      remainder: share.remainder,
      floorMinor: share.floor === undefined ? undefined : read.amount(share.floor, `${path}.floor`),
      capMinor: share.cap === undefined ? undefined : read.amount(share.cap, `${path}.cap`),
    }
  })
  const deductions = (input.deductions ?? []).map((each, index) =>
    readDeduction(each, `deductions.${index}`, read, stepMinor),
  )
  issues.push(...partyIssues({ shares, deductions, parties }))
  // What follows reckons with texts that could be read.
  if (issues.length > 0) throw invalidTerms(issues)
  const sound = checkShares(shares.map(shareRuleOf), amount.minor - (amount.minor % stepMinor) || stepMinor, stepMinor)
  if (sound.length > 0) throw invalidTerms(sound)
  return {
    version: TERMS_VERSION,
    holdMs: input.hold ?? DEFAULT_HOLD_MS,
    inspectionMs: input.inspection ?? null,
    stepMinor,
    shares,
    deductions,
  }
}

interface Reader {
  readonly amount: (text: string, path: string) => bigint | undefined
  readonly percent: (text: string, path: string) => string | undefined
  readonly score: (text: string | number, path: string) => string
  readonly issue: (path: string, message: string) => void
}

/** Reads the texts of terms; what cannot be read becomes an issue with its path. */
function readerOf(currency: string, issues: InputIssue[]): Reader {
  const issue = (path: string, message: string) => void issues.push({ path, message })
  function attempt<Value>(path: string, read: () => Value): Value | undefined {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error
      issue(path, error.message)
      return undefined
    }
  }
  return {
    issue,
    amount: (text, path) => attempt(path, () => money(text, currency).minor),
    percent: (text, path) => attempt(path, () => canonicalPercent(text)),
    score: (text, path) => attempt(path, () => parseScore(text)) ?? '0',
  }
}

type DeductionInput = z.output<typeof deductionSchema>

function readDeduction(input: DeductionInput, path: string, read: Reader, stepMinor: bigint): DeductionTerm {
  const scale = {
    min: read.score(input.scale.min, `${path}.scale.min`),
    max: read.score(input.scale.max, `${path}.scale.max`),
  }
  if (compareScores(scale.min, scale.max) >= 0)
    read.issue(`${path}.scale`, 'The scale runs from its min up to its max.')
  const rateOf = (rate: z.output<typeof rateSchema>, at: string) => {
    if ((rate.percent === undefined) === (rate.fixed === undefined)) {
      read.issue(at, 'It takes either a percentage or a fixed amount.')
    }
    const fixedMinor = rate.fixed === undefined ? undefined : read.amount(rate.fixed, `${at}.fixed`)
    if (fixedMinor !== undefined && (fixedMinor < 0n || fixedMinor % stepMinor !== 0n)) {
      read.issue(`${at}.fixed`, 'It is a multiple of the step, and not below zero.')
    }
    return { percent: rate.percent === undefined ? undefined : read.percent(rate.percent, `${at}.percent`), fixedMinor }
  }
  const tiers = input.tiers.map((tier, index) => {
    const at = `${path}.tiers.${index}`
    if ((tier.below === undefined) === (tier.atLeast === undefined)) {
      read.issue(at, 'A tier says either `below` or `atLeast`.')
    }
    const bound = read.score(tier.below ?? tier.atLeast ?? 0, at)
    if (compareScores(bound, scale.min) < 0 || compareScores(bound, scale.max) > 0) {
      read.issue(at, `${bound} lies outside the scale from ${scale.min} to ${scale.max}.`)
    }
    return { ...rateOf(tier, at), ...(tier.below === undefined ? { atLeast: bound } : { below: bound }) }
  })
  const to = typeof input.to === 'string' ? [{ to: input.to, weight: 1 }] : input.to
  if (new Set(to.map((each) => each.to)).size < to.length) read.issue(`${path}.to`, 'Each destination is named once.')
  return {
    kind: input.kind,
    name: input.name,
    measure: input.measure,
    scale,
    tiers,
    whenMissing: input.whenMissing ? rateOf(input.whenMissing, `${path}.whenMissing`) : null,
    from: input.from,
    to,
  }
}

/** Party names of the terms against the ids of the deal; `payer` and `platform` are not the deal's to name. */
function partyIssues(terms: Pick<Terms, 'shares' | 'deductions'> & Pick<Deal, 'parties'>): InputIssue[] {
  const issues: InputIssue[] = []
  const named = terms.shares.map((share) => share.party)
  const issue = (path: string, message: string) => issues.push({ path, message })
  named.forEach((party, index) => {
    if (party === 'payer')
      issue(`shares.${index}.party`, 'The payer has no share: what is not to be paid out is refunded.')
    if (named.indexOf(party) < index) issue(`shares.${index}.party`, `${party} has a share already.`)
    if (party !== 'platform' && party !== 'payer' && !Object.hasOwn(terms.parties, party)) {
      issue('parties', `The id of ${party} is missing.`)
    }
  })
  for (const party of Object.keys(terms.parties)) {
    if (party === 'platform' || party === 'payer') issue('parties', `${party} is reserved and has no id here.`)
    else if (!named.includes(party)) issue('parties', `${party} has no share in the terms.`)
  }
  const names = new Map<string, DeductionTerm>()
  terms.deductions.forEach((deduction, index) => {
    const path = `deductions.${index}`
    if (!named.includes(deduction.from)) issue(`${path}.from`, `${deduction.from} has no share to take it from.`)
    if (names.has(deduction.name)) issue(`${path}.name`, `There is a deduction ${deduction.name} already.`)
    names.set(deduction.name, deduction)
    const other = [...terms.deductions].find((each) => each.measure === deduction.measure)
    if (other && (other.scale.min !== deduction.scale.min || other.scale.max !== deduction.scale.max)) {
      issue(`${path}.scale`, `The measure ${deduction.measure} has another scale in ${other.name}.`)
    }
  })
  return issues
}
