import { afterAll, expect, test } from 'vitest'
import { createRehearsals } from './rehearsals.js'
import { scripts } from './scripts.js'

const rehearsals = createRehearsals()
afterAll(() => rehearsals.close())

test.each(Object.entries(scripts))('%s', async (name, steps) => {
  const outcomes: string[] = []
  await rehearsals.rehearse(steps, ({ command, outcome }) => outcomes.push(`${command} ${outcome}`))
  expect(outcomes.at(-1)).toBe(name)
})
