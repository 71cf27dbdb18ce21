import { defineConfig } from 'vitest/config'

// Packages of the workspace are tested through their sources, so no test needs a build.
const conditions = ['@escrow-ledger/source', 'module', 'node', 'development|production']
const long = process.env.TEST_LONG === '1'

export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'packages/*/test/**/*.test.ts',
      'test/**/*.test.ts',
      'examples/**/*.test.ts',
      'bench/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['test/postgres/shared-server.ts'],
    pool: 'forks',
    testTimeout: long ? 60 * 60_000 : 60_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts'],
      reporter: ['text-summary', 'html', 'json-summary'],
      thresholds: { statements: 90, branches: 85, functions: 90, lines: 90 },
    },
  },
})
