import { money } from 'escrow-ledger'
import { describe, expect, it, test } from 'vitest'
import {
  type GatewayConformanceOptions,
  gatewayConformance,
  gatewayConformanceCases,
  withoutWebhooks,
} from '../src/index.js'
import type { Mistake } from './fixtures/small-adapter.js'
import { openSmallGateway, smallOperations } from './fixtures/small-gateway.js'

const claims = { operations: smallOperations }
const amount = money('10.99', 'USD')

/** Registers the suite with a runner that only takes notes. */
function register(options: Partial<GatewayConformanceOptions> = {}) {
  const run = new Map<string, () => Promise<void>>()
  const skipped: string[] = []
  const notes = Object.assign((name: string, body: () => Promise<void>) => void run.set(name, body), {
    skip: (name: string) => void skipped.push(name),
  })
  const runner = { describe: (_: string, body: () => void) => body(), it: notes }
  gatewayConformance({ ...runner, ...claims, amount, open: openSmallGateway(), ...options })
  return { run, skipped }
}

describe('a gateway without mistakes', () => {
  gatewayConformance({ describe, it, ...claims, amount, open: openSmallGateway() })
})

describe('the gateway suite', () => {
  test('has a name of its own for each case of each kind that is offered', () => {
    const names = gatewayConformanceCases(claims)
    expect(new Set(names).size).toBe(names.length)
    expect([...register().run.keys()]).toEqual(names)
    expect(names.filter((name) => name.startsWith('payout: has one effect when it is sent twice'))).toEqual([])
    expect(names.some((name) => name.startsWith('refund'))).toBe(false)
  })

  test('skips nothing without a reason, and nothing that is not there', () => {
    const { run, skipped } = register({ skip: withoutWebhooks('It tells nothing.') })
    expect(skipped).toContain('webhooks: a repeat is known by its keys (skipped: It tells nothing.)')
    expect(run.size + skipped.length).toBe(gatewayConformanceCases(claims).length)
    expect(() => register({ skip: withoutWebhooks('') })).toThrow(RangeError)
    expect(() => register({ skip: { 'refund: asking changes nothing': 'It gives nothing back.' } })).toThrow(RangeError)
  })

  test('says so when a fault strikes nothing', async () => {
    const open: GatewayConformanceOptions['open'] = async (record) => ({
      ...(await openSmallGateway()(record)),
      plan: () => {},
      pendingFaults: () => 1,
    })
    const struck = register({ open }).run.get('order: has exactly one effect though nobody can read the answer')
    await expect(struck?.()).rejects.toThrow('the fault never struck')
  })

  test('closes the gateway of a case that fails', async () => {
    let closed = 0
    const open: GatewayConformanceOptions['open'] = async (record) => ({
      ...(await openSmallGateway('gives refusals no code')(record)),
      async close() {
        closed += 1
      },
    })
    await expect(register({ open }).run.get('order: a refusal carries a code and a reason')?.()).rejects.toThrow()
    expect(closed).toBe(1)
  })
})

const foundBy: Readonly<Record<Mistake, string>> = {
  'takes silence for a refusal':
    'payout: has exactly one effect though the connection is lost before the answer arrives',
  'sends under a new key each time': 'order: has one effect when it is sent twice under one key, and one reference',
  'makes what it is asked about': 'payout: asking changes nothing',
  'never finds anything': 'payout: is found by its key when its answer was lost',
  'finds what was never sent': 'order: is absent when it was never sent',
  'gives refusals no code': 'order: a refusal carries a code and a reason',
  'forgets the fee': 'order: tells the fee that the gateway took for it',
  'records nothing': 'order: asking changes nothing',
  'records its password': 'order: asking changes nothing',
  'rounds amounts': 'order: has an effect of its own under each key',
  'takes every webhook': 'webhooks: one changed byte is refused, wherever it is',
}

describe('the gateway suite finds an adapter that', () => {
  for (const [mistake, name] of Object.entries(foundBy)) {
    test(mistake, async () => {
      await register().run.get(name)?.()
      const broken = register({ open: openSmallGateway(mistake as Mistake) }).run.get(name)
      await expect(broken?.()).rejects.toThrow()
    })
  }
})
