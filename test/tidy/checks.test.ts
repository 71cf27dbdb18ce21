import { describe, expect, test } from 'vitest'
import { applyAllowances } from './apply-allowances.js'
import { checkNoNodeImports, findImpurities } from './core-purity.js'
import { checkEscapes, checkLength, checkNames } from './file-shape.js'
import { checkImportDirections } from './import-directions.js'
import { findNumberConversions } from './money-as-number.js'
import { checkManifest, checkOracle, checkPackageImports, checkPublicEntryPoints } from './package-imports.js'
import { type Finding, parseSource, readSources } from './source-file.js'

/** Plants one source text at a path and gives what a check has against it. */
const planted = <F extends Finding>(
  check: (files: ReturnType<typeof parseSource>[]) => F[],
  path: string,
  text: string,
) => check([parseSource(path, text)])

const core = (file: string) => `packages/core/src/${file}`

describe('import directions', () => {
  const check = (file: string, text: string) => planted(checkImportDirections, core(file), text)

  test.each([
    ['escrow/open.ts', `import { post } from '../journal/post-entry.js'`],
    ['escrow/open.ts', `import { Terms } from './terms.js'`],
    ['escrow/open.ts', `import { z } from 'zod'`],
    ['ledger.ts', `import { commit } from './engine/committer.js'`],
    ['index.ts', `export * from './ledger.js'`],
    ['money/money.test.ts', `import { settle } from '../escrow/settle.js'`],
  ])('%s may: %s', (file, text) => {
    expect(check(file, text)).toEqual([])
  })

  test.each([
    ['money/money.ts', `import { settle } from '../escrow/settle.js'`, 'money imports escrow, which comes after it'],
    [
      'money/money.ts',
      `import type { A } from '../accounts/account.js'`,
      'money imports accounts, which comes after it',
    ],
    ['money/money.ts', `export * from '../journal/index.js'`, 'money imports journal, which comes after it'],
    [
      'money/money.ts',
      `const x = await import('../engine/committer.js')`,
      'money imports engine, which comes after it',
    ],
    ['money/money.ts', `type E = import('../escrow/escrow.js').Escrow`, 'money imports escrow, which comes after it'],
    [
      'storage/storage.ts',
      `import { c } from '../engine/committer.js'`,
      'storage imports engine, which comes after it',
    ],
    ['engine/committer.ts', `import { l } from '../ledger.js'`, 'engine imports ledger.ts, which comes after it'],
    ['ledger.ts', `import { l } from './index.js'`, 'ledger.ts imports index.ts, which comes after it'],
    [
      'escrow/open.ts',
      `import { x } from '../other/x.js'`,
      'imports ../other/x.js, which stands in no place of the import order',
    ],
    [
      'escrow/open.ts',
      `import { x } from '../../test/x.js'`,
      'imports ../../test/x.js, which is outside the source folder',
    ],
    ['other/x.ts', '', 'stands in no place of the import order'],
    ['other.ts', '', 'stands in no place of the import order'],
  ])('%s may not: %s', (file, text, message) => {
    expect(check(file, text).map((finding) => finding.message)).toEqual([message])
  })
})

describe('purity of the core', () => {
  test.each([
    `import fs from 'node:fs'`,
    `import path from 'path'`,
    `await import('fs/promises')`,
    `export * from 'os'`,
  ])('finds the import of Node in %s', (text) => {
    expect(planted(checkNoNodeImports, core('money/money.ts'), text)).toHaveLength(1)
  })

  test.each([
    ['Date.now()', 'Date.now()'],
    ['const clock = Date.now', 'Date.now'],
    [`Date['now']()`, `Date['now']()`],
    ['new Date()', 'new Date()'],
    ['new Date', 'new Date'],
    ['Date()', 'Date()'],
    ['new globalThis.Date()', 'new globalThis.Date()'],
    ['setTimeout(f, 1)', 'setTimeout(f, 1)'],
    ['const later = { setTimeout: setInterval }', 'setInterval'],
    ['globalThis.setTimeout(f, 1)', 'globalThis.setTimeout(f, 1)'],
    ['setImmediate(f)', 'setImmediate(f)'],
    ['Math.random()', 'Math.random()'],
    ['crypto.randomUUID()', 'crypto.randomUUID()'],
    ['globalThis.crypto.randomUUID()', 'globalThis.crypto.randomUUID()'],
    ['performance.now()', 'performance.now()'],
    ['process.env.X', 'process.env'],
    ['const { now } = Date', 'Date'],
    ['const D = Date; new D()', 'Date'],
    ['const { random } = Math', 'Math'],
    ['runWith(crypto)', 'crypto'],
  ])('finds the impurity in %s', (text, expression) => {
    expect(planted(findImpurities, core('money/money.ts'), text).map((finding) => finding.expression)).toEqual([
      expression,
    ])
  })

  test.each([
    'new Date(instant)',
    'value instanceof Date',
    'Date.UTC(2026, 1)',
    'queueMicrotask(f)',
    'Math.max(1, 2)',
    'interface Runtime { setTimeout(f: () => void, ms: number): void }',
    'runtime.setTimeout(f, 1)',
    '// Date.now() is not for the core',
    'const text = "Math.random()"',
  ])('finds nothing in %s', (text) => {
    expect(planted(findImpurities, core('money/money.ts'), text)).toEqual([])
    expect(planted(checkNoNodeImports, core('money/money.ts'), text)).toEqual([])
  })
})

describe('money as a number', () => {
  const path = core('money/format.ts')

  test.each([
    ['Number(money.minor)', 'Number(money.minor)'],
    ['new Number(x)', 'new Number(x)'],
    ['parts.map(Number)', 'parts.map(Number)'],
    ['const convert = Number', 'Number'],
    ['parseFloat(text)', 'parseFloat(text)'],
    ['Number.parseFloat(text)', 'Number.parseFloat(text)'],
    ['parseInt(text, 10)', 'parseInt(text, 10)'],
    ['globalThis.parseInt(text, 10)', 'globalThis.parseInt(text, 10)'],
    ['decimal.toNumber()', 'decimal.toNumber()'],
    [`decimal['toNumber']()`, `decimal['toNumber']()`],
    ['decimal?.toNumber()', 'decimal?.toNumber()'],
    ['globalThis.Number(x)', 'globalThis.Number(x)'],
    [`globalThis['Number'](x)`, `globalThis['Number'](x)`],
    ['Number.call(null, x)', 'Number.call(null, x)'],
    ['const { Number: n } = globalThis', 'Number: n'],
    ['const { Number } = globalThis', 'Number'],
    ['z.coerce.number()', 'z.coerce'],
    ['+text', '+text'],
    ['+(a + b)', '+(a + b)'],
  ])('finds the conversion in %s', (text, expression) => {
    expect(planted(findNumberConversions, path, text).map((finding) => finding.expression)).toEqual([expression])
  })

  test.each([
    '+1',
    '-x',
    'a + b',
    'Number.isSafeInteger(x)',
    'Number.MAX_SAFE_INTEGER',
    'let x: Number',
    'x as number',
  ])('finds nothing in %s', (text) => {
    expect(planted(findNumberConversions, path, text)).toEqual([])
  })
})

describe('allowances', () => {
  const path = core('journal/version.ts')
  const findings = planted(findNumberConversions, path, 'const version = Number(\n  row.version\n)')
  const reason = 'A version counts writes.'

  test('cover what they name, however it is laid out', () => {
    expect(applyAllowances(findings, [{ path, expressions: ['Number( row.version )'], reason }])).toEqual([])
  })

  test('cover nothing in another file', () => {
    const allowance = { path: core('money/money.ts'), expressions: ['Number( row.version )'], reason }
    expect(applyAllowances(findings, [allowance]).map((finding) => finding.message)).toEqual([
      expect.stringContaining('makes a number'),
      'the allowance for `Number( row.version )` is no longer in use',
    ])
  })

  test('have a reason and stand once', () => {
    const allowance = { path, expressions: ['Number( row.version )'], reason: '' }
    expect(applyAllowances(findings, [{ ...allowance, reason }, allowance]).map((finding) => finding.message)).toEqual([
      'the allowance for `Number( row.version )` is repeated',
      'the allowance for `Number( row.version )` has no reason',
    ])
  })
})

describe('the shape of files', () => {
  test.each([
    'money/utils.ts',
    'money/helpers.ts',
    'common/money.ts',
    'types.ts',
    'escrow/misc.test.ts',
    'money/types.d.ts',
  ])('finds the empty name of %s', (file) => {
    expect(planted(checkNames, core(file), '')).toHaveLength(1)
  })

  test.each(['money/money.ts', 'money/account-types.ts'])('finds nothing in the name of %s', (file) => {
    expect(planted(checkNames, core(file), '')).toEqual([])
  })

  test('counts lines', () => {
    const lines = (count: number) => 'const x = 1\n'.repeat(count)
    expect(planted(checkLength, core('money/money.ts'), lines(300))).toEqual([])
    expect(planted(checkLength, core('money/money.ts'), lines(301))).toHaveLength(1)
    expect(planted(checkLength, core('money/money.test.ts'), lines(301))).toEqual([])
    expect(planted(checkLength, core('money/table.ts'), `// @generated by a script\n${lines(301)}`)).toEqual([])
  })

  test.each(['x as any', '<any>x', '// @ts-ignore\nf()', '// @ts-nocheck'])('finds the way out in %s', (text) => {
    expect(planted(checkEscapes, core('money/money.ts'), text)).toHaveLength(1)
  })

  test.each(['x as unknown', 'x as const', '// as any other'])('finds nothing in %s', (text) => {
    expect(planted(checkEscapes, core('money/money.ts'), text)).toEqual([])
  })
})

describe('imports between packages', () => {
  test.each([
    ['packages/core/src/index.ts', `import { z } from 'zod'`],
    ['packages/core/src/index.ts', `import { sha256 } from '@noble/hashes/sha2.js'`],
    ['packages/sqlite/src/index.ts', `import fs from 'node:fs'`],
    ['packages/http/src/express.ts', `import { Readable } from 'node:stream'`],
    ['packages/sqlite/src/index.ts', `import type { Database } from 'better-sqlite3'`],
    ['packages/sql/src/schema/tables.ts', `import { connect } from '../connect.js'`],
    ['packages/sql/src/connect.test.ts', `import { test } from 'vitest'`],
  ])('%s may: %s', (path, text) => {
    expect(planted(checkPackageImports, path, text)).toEqual([])
  })

  test.each([
    ['packages/core/src/index.ts', `import knex from 'knex'`],
    ['packages/core/src/index.ts', `import fs from 'node:fs'`],
    ['packages/http/src/handler.ts', `import { Readable } from 'node:stream'`],
    ['packages/core/src/index.ts', `import type { S } from '@escrow-ledger/sqlite'`],
    ['packages/sql/src/index.ts', `import Database from 'better-sqlite3'`],
    ['packages/testkit/src/index.ts', `import { x } from '@escrow-ledger/sql'`],
    ['packages/sqlite/src/index.ts', `import { x } from '../../sql/src/index.js'`],
    ['packages/unheard-of/src/index.ts', ''],
  ])('%s may not: %s', (path, text) => {
    expect(planted(checkPackageImports, path, text)).toHaveLength(1)
  })

  test('package.json asks for no more', () => {
    const manifest = { name: '@escrow-ledger/sql', dependencies: { knex: '1' }, peerDependencies: { pg: '8' } }
    expect(checkManifest('packages/sql', manifest).map((finding) => finding.message)).toEqual([
      'packages/sql may not depend on pg',
    ])
    expect(checkManifest('packages/unheard-of', manifest)).toHaveLength(1)
  })

  test('examples and tests stay outside', () => {
    const check = (text: string) =>
      checkPublicEntryPoints([parseSource('test/crash.test.ts', text)], new Set(['escrow-ledger']))
    expect(check(`import { createLedger } from 'escrow-ledger'`)).toEqual([])
    expect(check(`import { createLedger } from '../packages/core/src/index.js'`)).toHaveLength(1)
    expect(check(`import { commit } from 'escrow-ledger/dist/engine.js'`)).toHaveLength(1)
  })

  test('the oracle stands alone', () => {
    const path = 'packages/testkit/src/oracle/balances.ts'
    expect(planted(checkOracle, path, `import { status } from './status.js'`)).toEqual([])
    expect(planted(checkOracle, path, `import { money } from 'escrow-ledger'`)).toHaveLength(1)
    expect(planted(checkOracle, path, `import { model } from '../model.js'`)).toHaveLength(1)
  })
})

test('sources are found, and what is not there holds none', () => {
  expect(readSources('test').map((file) => file.path)).toContain('test/tidy/checks.test.ts')
  expect(readSources('no-such-folder')).toEqual([])
})
