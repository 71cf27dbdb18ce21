import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// Packages of the workspace are tested through their sources, so no test needs a build.
// Whatever else is imported is found as Node finds it, which knows no "module" condition.
const conditions = ['@escrow-ledger/source', 'node', 'development|production']
const long = process.env.TEST_LONG === '1'

// Properties are tried on the same values every time, but in the long run on new ones: PROPERTY_SEED repeats those.
const seed = process.env.PROPERTY_SEED ?? String(long ? randomInt(2 ** 31) : 20_261_102)
if (long) process.stderr.write(`Properties are tried with PROPERTY_SEED=${seed}.\n`)

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
    // Files share a process, and what it has imported: importing everything anew for each took a third of the time.
    isolate: false,
    // Many tests wait for processes and servers, so no core is kept free; by itself Vitest runs one file at a time on two.
    maxWorkers: availableParallelism(),
    env: { PROPERTY_SEED: seed },
    setupFiles: ['./vitest.setup.ts'],
    testTimeout: long ? 60 * 60_000 : 180_000,
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
