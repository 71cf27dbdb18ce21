import { describe, expect, test } from 'vitest'
import { impuritiesAllowed, numbersAllowed } from './tidy/allowances.js'
import { applyAllowances } from './tidy/apply-allowances.js'
import { checkNoNodeImports, findImpurities } from './tidy/core-purity.js'
import { checkEscapes, checkLength, checkNames } from './tidy/file-shape.js'
import { checkImportDirections } from './tidy/import-directions.js'
import { findNumberConversions } from './tidy/money-as-number.js'
import { checkManifest, checkOracle, checkPackageImports, checkPublicEntryPoints } from './tidy/package-imports.js'
import { type Finding, isTest, readManifest, readSources, subfolders } from './tidy/source-file.js'

const packages = subfolders('packages')
const packageSources = readSources(...packages.map((folder) => `${folder}/src`))
const coreSources = packageSources.filter((file) => file.path.startsWith('packages/core/') && !isTest(file))
const clientSources = readSources('examples', 'postgres-server', 'test', 'bench')
const entryPoints = new Set([...packages, 'postgres-server'].flatMap((folder) => publicEntryPoints(folder)))

function publicEntryPoints(folder: string): string[] {
  const { name, exports = {} } = readManifest(folder)
  return Object.keys(exports).map((subpath) => name + subpath.slice(1))
}

/** One line a finding, so that a failure reads as a list of what to change. */
const told = (findings: readonly Finding[]) => findings.map(({ path, line, message }) => `${path}:${line} ${message}`)

describe('the core', () => {
  test('has sources to check', () => {
    expect(coreSources.length).toBeGreaterThan(0)
  })

  test('imports in one direction', () => {
    expect(told(checkImportDirections(coreSources))).toEqual([])
  })

  test('imports nothing from Node', () => {
    expect(told(checkNoNodeImports(coreSources))).toEqual([])
  })

  test('has no clock, timers, randomness or process of its own', () => {
    expect(told(applyAllowances(findImpurities(coreSources), impuritiesAllowed))).toEqual([])
  })

  test('never turns money into a JavaScript number', () => {
    expect(told(applyAllowances(findNumberConversions(coreSources), numbersAllowed))).toEqual([])
  })
})

describe('all packages', () => {
  test('name files for what they hold', () => {
    expect(told(checkNames([...packageSources, ...clientSources]))).toEqual([])
  })

  test('keep files short', () => {
    expect(told(checkLength(packageSources))).toEqual([])
  })

  test('do not go around the type system', () => {
    const clients = clientSources.filter((file) => !file.path.startsWith('test/tidy'))
    expect(told(checkEscapes([...packageSources, ...clients]))).toEqual([])
  })

  test('import only what they may', () => {
    expect(told(checkPackageImports(packageSources))).toEqual([])
  })

  test.each(packages)('%s depends only on what it may import', (folder) => {
    expect(told(checkManifest(folder, readManifest(folder)))).toEqual([])
  })

  test('are used by examples, tests and benchmarks through their entry points', () => {
    expect(told(checkPublicEntryPoints(clientSources, entryPoints))).toEqual([])
  })

  test('keep the oracle apart from what it checks', () => {
    expect(told(checkOracle(packageSources))).toEqual([])
  })
})
