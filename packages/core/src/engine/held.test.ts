import { describe, expect, test } from 'vitest'
import { type Account, accountKey, openAccount } from '../accounts/account.js'
import { newBook } from '../journal/book.js'
import type { Changes } from '../journal/working.js'
import type { Loaded, LoadKeys } from '../storage/index.js'
import { assumedOf, createHeld, type Held } from './held.js'
import { loadKeysOf } from './load-needs.js'

const ref = (code: string) => ({ code, currency: 'INR' })
const keysOf = (...codes: string[]): LoadKeys => loadKeysOf([{ accounts: codes.map(ref) }])

function accountOf(code: string, revision: number): Account {
  return { ...openAccount({ ...ref(code), type: 'asset', floor: null, ceiling: null, openedAt: 0 }), revision }
}

/** What a storage answers: these accounts, and nulls for the codes that are absent. */
function loadedOf(accounts: readonly Account[], absent: readonly string[] = []): Loaded {
  const there = accounts.map((account) => [accountKey(account.code, account.currency), account] as const)
  const missing = absent.map((code) => [accountKey(code, 'INR'), null] as const)
  return {
    book: newBook('main'),
    accounts: new Map<string, Account | null>([...there, ...missing]),
    entries: new Map(),
    kinds: new Map([['restrictions', new Map(absent.map((code) => [code, null]))]]),
  }
}

function changing(...accounts: readonly Account[]): Changes {
  return {
    book: null,
    accounts: accounts.map((after) => ({ key: accountKey(after.code, after.currency), before: null, after })),
    entries: [],
    days: { closes: [], backdates: [] },
    records: [],
    events: [],
  }
}

const revisionIn = (held: Held, code: string) => held.select(keysOf(code)).accounts.get(`INR:${code}`)?.revision

describe('held records', () => {
  test('are missing until they are filled in, the book itself before all', () => {
    const held = createHeld(10)
    expect(held.missing(keysOf())).not.toBe(null)
    held.fill(loadedOf([accountOf('a', 3)], ['b']))
    expect(held.missing(keysOf('a', 'b'))).toBe(null)
    expect(held.missing(keysOf('a', 'b', 'c'))).toMatchObject({ accounts: [ref('c')] })
  })

  test('fill gaps only: what a batch left stays', () => {
    const held = createHeld(10)
    held.fill(loadedOf([accountOf('a', 3)]))
    held.apply(changing(accountOf('a', 4)))
    held.fill(loadedOf([accountOf('a', 3), accountOf('b', 1)]))
    expect([revisionIn(held, 'a'), revisionIn(held, 'b')]).toEqual([4, 1])
  })

  test('answer exactly what was asked for, with the restriction of a code that has no account', () => {
    const held = createHeld(10)
    held.fill(loadedOf([accountOf('a', 3), accountOf('b', 5)], ['c']))
    const selected = held.select(keysOf('a', 'c'))
    expect([...selected.accounts.keys()]).toEqual(['INR:a', 'INR:c'])
    expect(selected.kinds.get('restrictions')).toEqual(new Map([['c', null]]))
    expect(assumedOf(selected, ['e'])).toEqual({
      book: 0,
      accounts: new Map([
        ['INR:a', 3],
        ['INR:c', 0],
      ]),
      records: new Map([['restrictions', new Map([['c', 0]])]]),
      entries: ['e'],
    })
  })

  test('ask for the restriction alone where the account is known to be absent', () => {
    const held = createHeld(10)
    held.fill({ ...loadedOf([], ['c']), kinds: new Map() })
    expect(held.missing(keysOf('c'))).toMatchObject({
      accounts: [],
      records: new Map([['restrictions', ['c']]]),
    })
  })

  test('are dropped past the bound, but for what a batch under way has touched', () => {
    const held = createHeld(4)
    held.fill(loadedOf(['a', 'b', 'c', 'd'].map((code) => accountOf(code, 1))))
    held.trim([])
    expect(held.missing(keysOf('a', 'b', 'c', 'd'))).toBe(null)
    held.apply(changing(accountOf('b', 2), accountOf('e', 1)))
    const records = held.select(keysOf('b', 'e'))
    held.trim([{ records, changes: changing() }])
    expect(held.missing(keysOf('a', 'b', 'c', 'd', 'e'))).toMatchObject({ accounts: ['a', 'c', 'd'].map(ref) })
    expect([revisionIn(held, 'b'), revisionIn(held, 'e')]).toEqual([2, 1])
  })

  test('are all gone after clear, and whoever was reading can tell', () => {
    const held = createHeld(10)
    held.fill(loadedOf([accountOf('a', 3)]))
    const before = held.epoch()
    held.clear()
    expect(held.epoch()).not.toBe(before)
    expect(held.missing(keysOf('a'))).toMatchObject({ accounts: [ref('a')] })
  })
})
