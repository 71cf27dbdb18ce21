import { authenticityProblems, errorCodes } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { documentedErrors } from './documented-errors.js'

describe('docs/errors.md', () => {
  const documented = documentedErrors()

  test('has a heading for each code, in the order of the table of codes within each kind', () => {
    const kinds = [...new Set(Object.values(errorCodes).map(({ kind }) => kind))]
    const entries = Object.entries(errorCodes)
    const codes = kinds.flatMap((kind) => entries.filter(([, facts]) => facts.kind === kind).map(([code]) => code))
    expect([...documented.keys()]).toEqual(codes)
  })

  test.each(Object.entries(errorCodes))('tells the truth about %s', (code, { kind, retryable }) => {
    expect(documented.get(code)).toMatchObject({ kind, retryable })
  })

  test.each([...documented])('says what %s means and what to do', (_, { text }) => {
    expect(text.split(/[.:] /).length, text).toBeGreaterThan(1)
  })

  test('says what each problem of not_authentic means', () => {
    const rows = documented.get('not_authentic')?.text.matchAll(/^\| `(\w+)` \| .+[.?] \|$/gm) ?? []
    expect([...rows].map(([, problem]) => problem)).toEqual([...authenticityProblems])
  })
})
