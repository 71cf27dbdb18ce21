/** How many faces a die has; every choice is made by one throw. */
export const FACES = 1_000

/**
 * Choices made by numbers that were thrown before, in their order: the same numbers choose the same, and smaller ones
 * choose what stands earlier in a list. Where the numbers run out, zeros follow.
 */
export interface Dice {
  /** Whether a chance of so many in a hundred comes true; zero says no. */
  chance(percent: number): boolean
  pick<Choice>(choices: readonly Choice[]): Choice
}

export function createDice(numbers: readonly number[]): Dice {
  let next = 0
  const roll = () => numbers[next++] ?? 0
  return {
    chance: (percent) => roll() >= FACES - (percent * FACES) / 100,
    pick<Choice>(choices: readonly Choice[]): Choice {
      if (choices.length === 0) throw new RangeError('There is nothing to pick from.')
      return choices[Math.floor((roll() * choices.length) / FACES)] as Choice
    },
  }
}
