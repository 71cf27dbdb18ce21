import type { Scripted, Step } from '@escrow-ledger/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { documentedCells } from './documented-states.js'
import { credit, escrowCommands, escrowStates } from './escrow-states.js'
import { otherStates } from './other-states.js'
import { createRehearsals } from './rehearsals.js'

const rehearsals = createRehearsals()
afterAll(() => rehearsals.close())

/** The last step of a script, which the oracle, the model and SQLite take together. */
async function lastOf(script: readonly Scripted[]): Promise<Step | undefined> {
  const steps: Step[] = []
  await rehearsals.rehearse(script, (step) => steps.push(step))
  return steps.at(-1)
}

describe('every documented state of an escrow', () => {
  test.each([...escrowStates])('%s', async (state, given) => {
    const cells = documentedCells('Escrows').filter((cell) => cell.state === state)
    expect(cells.map(({ column }) => column)).toEqual([...escrowCommands.keys()])
    for (const { column, outcome } of cells) {
      const step = await lastOf([...given, credit, escrowCommands.get(column) as Scripted])
      // A run meets only escrows that were opened.
      const isRunOfNone = column === 'settlement run' && state === 'not opened'
      expect(step, column).toMatchObject(isRunOfNone ? { state: '-', outcome: 'ok' } : { state, outcome })
    }
  })
})

describe.each([...otherStates])('every documented state: %s', (heading, { states, commands }) => {
  test.each([...states])('%s', async (state, given) => {
    const cells = documentedCells(heading).filter((cell) => cell.state === state && cell.column !== 'dispatch')
    expect(cells.map(({ column }) => column)).toEqual([...commands.keys()])
    for (const { column, outcome } of cells) {
      const step = await lastOf([...given, ...(commands.get(column) ?? [])])
      expect(step?.outcome, column).toBe(outcome)
    }
  })
})

test('no documented state is left out, but those in which a gateway was called', () => {
  const documented = (heading: string) => new Set(documentedCells(heading).map(({ state }) => state))
  expect([...documented('Escrows')]).toEqual([...escrowStates.keys()])
  const called = ['sending', 'accepted', 'unknown', 'waiting']
  for (const [heading, { states }] of otherStates) {
    expect([...documented(heading)].filter((state) => !called.includes(state))).toEqual([...states.keys()])
  }
})
