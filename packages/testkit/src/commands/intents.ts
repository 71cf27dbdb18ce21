import fc from 'fast-check'
import type { OracleCommandName } from '../oracle/index.js'
import { FACES } from './dice.js'

/** What is done in one step: a command, a turn of the clock, or a command of before once more. */
export type Act = OracleCommandName | 'advance' | 'repeat'

/**
 * A step in outline: what is done, and the numbers that choose how. What they choose depends on where things stand when
 * the step is taken, so that amounts lie near what is held and times near what is due, also after other steps were left
 * out of a failing sequence.
 */
export interface Intent {
  readonly act: Act
  readonly numbers: readonly number[]
}

/** How often each act comes, against the others. */
const weights: Readonly<Record<Act, number>> = {
  'escrows.open': 10,
  'escrows.fund': 17,
  'escrows.deliver': 4,
  'escrows.measure': 4,
  'escrows.complete': 7,
  'escrows.settle': 8,
  'escrows.cancel': 3,
  'escrows.refund': 6,
  'escrows.dispute': 6,
  'escrows.resolve': 6,
  'payments.fee': 3,
  'suspense.resolve': 6,
  'payouts.request': 6,
  'payouts.run': 2,
  'instructions.confirm': 5,
  'instructions.fail': 4,
  'instructions.cancel': 3,
  'instructions.reverse': 4,
  'instructions.resend': 4,
  'settlements.run': 5,
  'journal.post': 9,
  'journal.reverse': 6,
  'accounts.open': 2,
  'accounts.freeze': 5,
  'accounts.unfreeze': 4,
  'accounts.close': 4,
  'books.open': 1,
  'books.close': 3,
  advance: 9,
  repeat: 6,
}

/** Numbers that a step is given; none chooses by more. */
const NUMBERS = 32

const acts = (Object.keys(weights) as Act[]).map((act) => ({ weight: weights[act], arbitrary: fc.constant(act) }))

/** A step in outline. */
const intent: fc.Arbitrary<Intent> = fc.record({
  act: fc.oneof(...acts),
  numbers: fc.array(fc.noBias(fc.nat(FACES - 1)), { minLength: NUMBERS, maxLength: NUMBERS }),
})

/** Sequences of exactly so many steps, which shrink to fewer. */
export function intents(length: number): fc.Arbitrary<readonly Intent[]> {
  const whole = fc.array(intent, { minLength: length, maxLength: length })
  const fewer = fc.array(intent, { maxLength: length, size: 'max' })
  return new ShrinksToFewer(whole, fewer)
}

/** Generates by one arbitrary and shrinks by another. */
class ShrinksToFewer<Value> extends fc.Arbitrary<Value> {
  constructor(
    private readonly whole: fc.Arbitrary<Value>,
    private readonly fewer: fc.Arbitrary<Value>,
  ) {
    super()
  }

  override generate(random: fc.Random, bias: number | undefined): fc.Value<Value> {
    // Without the context of the one, the other shrinks from the value alone.
    return new fc.Value(this.whole.generate(random, bias).value, undefined)
  }

  override canShrinkWithoutContext(value: unknown): value is Value {
    return this.fewer.canShrinkWithoutContext(value)
  }

  override shrink(value: Value, context: unknown): fc.Stream<fc.Value<Value>> {
    return this.fewer.shrink(value, context)
  }
}
