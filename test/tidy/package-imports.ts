import { builtinModules } from 'node:module'
import {
  type Finding,
  isTest,
  type Manifest,
  moduleReferences,
  relativeTarget,
  type SourceFile,
} from './source-file.js'

interface Rule {
  readonly packages: readonly string[]
  /** Whether Node's own modules may be imported, or the files that alone may. */
  readonly node: boolean | readonly string[]
}

/** What each published package may import. */
const packageRules: Readonly<Record<string, Rule>> = {
  'packages/core': { packages: ['@noble/hashes', 'cockatiel', 'decimal.js', 'dinero.js', 'uuid', 'zod'], node: false },
  'packages/http': {
    packages: [
      ...['@opentelemetry/api', '@opentelemetry/exporter-prometheus', '@opentelemetry/sdk-metrics', 'escrow-ledger'],
      ...['express', 'hono', 'jose', 'rate-limiter-flexible', 'zod'],
    ],
    // Everything else runs at the edge as well.
    node: ['packages/http/src/express.ts'],
  },
  'packages/paypal': { packages: ['@paypal/paypal-server-sdk', 'escrow-ledger'], node: true },
  'packages/postgres': { packages: ['@escrow-ledger/sql', 'escrow-ledger', 'knex', 'pg'], node: true },
  'packages/razorpay': { packages: ['escrow-ledger', 'razorpay'], node: true },
  'packages/sandbox': { packages: ['@escrow-ledger/paypal', '@escrow-ledger/razorpay', 'escrow-ledger'], node: true },
  'packages/sql': { packages: ['escrow-ledger', 'knex'], node: true },
  'packages/sqlite': { packages: ['@escrow-ledger/sql', 'better-sqlite3', 'escrow-ledger', 'knex'], node: true },
  'packages/testkit': { packages: ['escrow-ledger', 'fast-check'], node: true },
}

/** The published packages' own sources, against the table; a package without a rule is a finding. */
export const checkPackageImports = (files: readonly SourceFile[]): Finding[] =>
  files
    .filter((file) => !isTest(file))
    .flatMap((file) => {
      const folder = file.path.split('/').slice(0, 2).join('/')
      const rule = packageRules[folder]
      if (rule === undefined) return [{ path: file.path, line: 1, message: `${folder} has no rule for its imports` }]
      return moduleReferences(file).flatMap(({ specifier, line }) => {
        const target = relativeTarget(file, specifier)
        const allowed =
          target === undefined ? mayImport(rule, { path: file.path, specifier }) : target.startsWith(`${folder}/src/`)
        return allowed ? [] : [{ path: file.path, line, message: `${folder} may not import ${specifier}` }]
      })
    })

/** What a package.json asks for must be what its sources may import. */
export const checkManifest = (folder: string, manifest: Manifest): Finding[] => {
  const rule = packageRules[folder]
  const path = `${folder}/package.json`
  if (rule === undefined) return [{ path, line: 1, message: `${folder} has no rule for its imports` }]
  return Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
    .filter((name) => !rule.packages.includes(name))
    .map((name) => ({ path, line: 1, message: `${folder} may not depend on ${name}` }))
}

const mayImport = (
  { packages, node }: Rule,
  { path, specifier }: { readonly path: string; readonly specifier: string },
): boolean => {
  if (!isBuiltin(specifier)) return packages.includes(packageOf(specifier))
  return typeof node === 'boolean' ? node : node.includes(path)
}

const isBuiltin = (specifier: string): boolean => specifier.startsWith('node:') || builtinModules.includes(specifier)

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

const workspaceName = /^(escrow-ledger|@escrow-ledger\/[^/]+)(\/.*)?$/

/**
 * Examples, tests and benchmarks use the packages as their users do: by name and through published entry points, which
 * are given as `name` or `name/subpath`.
 */
export const checkPublicEntryPoints = (files: readonly SourceFile[], entryPoints: ReadonlySet<string>): Finding[] =>
  files.flatMap((file) =>
    moduleReferences(file).flatMap(({ specifier, line }) => {
      const target = relativeTarget(file, specifier)
      if (target?.startsWith('packages/')) {
        return [{ path: file.path, line, message: `reaches into a package: ${specifier}` }]
      }
      return workspaceName.test(specifier) && !entryPoints.has(specifier)
        ? [{ path: file.path, line, message: `${specifier} is not a public entry point` }]
        : []
    }),
  )

/** The oracle predicts what the rules do without using any of them, nor anything else outside its folder. */
export const checkOracle = (files: readonly SourceFile[]): Finding[] =>
  files
    .filter((file) => file.path.startsWith(oracleFolder) && !isTest(file))
    .flatMap((file) =>
      moduleReferences(file)
        .filter(({ specifier }) => !relativeTarget(file, specifier)?.startsWith(oracleFolder))
        .map(({ specifier, line }) => ({ path: file.path, line, message: `the oracle imports ${specifier}` })),
    )

const oracleFolder = 'packages/testkit/src/oracle/'
