import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// Packages of the workspace are tested through their sources, so no test needs a build.
// Whatever else is imported is found as Node finds it, which knows no "module" condition.
const conditions = ['@escrow-ledger/source', 'node', 'development|production']
const isLongRun = process.env.TEST_LONG === '1'

// Properties are tried on the same values every time, but in the long run on new ones: PROPERTY_SEED repeats those.
const seed = process.env.PROPERTY_SEED ?? String(isLongRun ? randomInt(2 ** 31) : 20_261_102)
if (isLongRun) process.stderr.write(`Properties are tried with PROPERTY_SEED=${seed}.\n`)

/** The files of tests that take long, or start processes. */
const long = [
  'test/{crash,faults,marketplace,postgres,properties,races,readme,states,verify,within}/**/*.test.ts',
  'test/{postgres,sqlite}-conformance.test.ts',
]

const project = {
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    exclude: ['**/node_modules/**', '**/dist/**'],
    env: { PROPERTY_SEED: seed },
    setupFiles: ['./vitest.setup.ts'],
    testTimeout: isLongRun ? 60 * 60_000 : 180_000,
    hookTimeout: 60_000,
  },
}

export default defineConfig({
  test: {
    projects: [
      {
        ...project,
        test: {
          ...project.test,
          name: 'packages',
          include: [
            'packages/*/src/**/*.test.ts',
            'packages/*/test/**/*.test.ts',
            'examples/**/*.test.ts',
            'bench/**/*.test.ts',
          ],
          // Many small files, which share processes and what those have imported: that takes longer than the tests.
          isolate: false,
        },
      },
      // As many across packages, in processes of their own.
      {
        ...project,
        test: {
          ...project.test,
          name: 'across',
          include: ['test/**/*.test.ts'],
          exclude: [...project.test.exclude, ...long],
          isolate: false,
        },
      },
      // Fewer long ones, each in a process of its own: they leave much behind, and collecting garbage would slow the next.
      { ...project, test: { ...project.test, name: 'long', include: long } },
    ],
    globalSetup: ['test/postgres/shared-server.ts'],
    pool: 'forks',
    // Many tests wait for processes and servers, so one file more than there are cores keeps these busy: on two cores that
    // takes two thirds of the time. By itself Vitest would keep a core free.
    maxWorkers: availableParallelism() + 1,
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts'],
      reporter: ['text-summary', 'html', 'json-summary'],
      thresholds: { statements: 90, branches: 85, functions: 90, lines: 90 },
    },
  },
})
