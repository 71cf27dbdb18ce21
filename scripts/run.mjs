/**
 * Runs a task of this repository on a machine that has Node and npm and nothing else: installs the dependencies when
 * they are missing or out of date, builds the packages when the task needs them built, then runs the task.
 * Whatever the set-up prints goes to standard error, so that standard output holds the task's own output alone.
 *
 *   node scripts/run.mjs TASK [ARGUMENTS]
 */
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { buildPackages } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { withLock } from './lock.mjs'
import { binary, capture, root, run, runNode } from './processes.mjs'

const minimumNode = [20, 19]

const prepare = ({ built = false } = {}) =>
  withLock(async () => {
    await ensureInstalled()
    if (built) await buildPackages()
  })

/** Where the user stood when calling npm, so that paths given as arguments mean what they say. */
const callersFolder = () =>
  process.env.npm_package_json === path.join(root, 'package.json') && process.env.INIT_CWD
    ? process.env.INIT_CWD
    : process.cwd()

const program = (file) => {
  if (existsSync(path.join(root, file))) return path.join(root, file)
  throw new Error(`${file} does not exist yet.`)
}

/** The folders of examples/ that have something to start. */
const examples = () =>
  readdirSync(path.join(root, 'examples')).filter((name) =>
    existsSync(path.join(root, 'examples', name, 'src/main.ts')),
  )

const vitest = async (args, env = {}) => {
  await prepare()
  return run(process.execPath, [binary('vitest'), 'run', ...args], { env })
}

/**
 * Core is checked twice: alone, where only what every platform has is declared, and with everything that uses it. What
 * both find is told once.
 */
const typecheck = async (args) => {
  await prepare()
  const outcomes = await Promise.all(
    ['packages/core', '.'].map((project) =>
      capture(process.execPath, [binary('typescript', 'tsc'), '-p', path.join(root, project), ...args]),
    ),
  )
  const lines = new Set(outcomes.flatMap(({ output }) => output.split('\n')).filter((line) => line !== ''))
  for (const line of lines) process.stdout.write(`${line}\n`)
  return Math.max(...outcomes.map(({ code }) => code))
}

const biome = async (args) => {
  await prepare()
  return runNode(binary('@biomejs/biome', 'biome'), args)
}

const tasks = {
  setup: async () => {
    await prepare()
    return 0
  },
  build: async (args) => {
    await withLock(async () => {
      await ensureInstalled()
      await buildPackages({ force: args.includes('--force') })
    })
    return 0
  },
  demo: async (args) => {
    await prepare({ built: true })
    return run(process.execPath, [binary('tsx'), program('examples/quickstart/src/main.ts'), ...args], {
      cwd: callersFolder(),
      env: { TSX_TSCONFIG_PATH: path.join(root, 'examples/quickstart/tsconfig.json') },
    })
  },
  example: async ([name, ...args]) => {
    const offered = examples()
    if (name === undefined || !offered.includes(name)) {
      process.stderr.write(`Usage: npm run example -- NAME, where NAME is one of: ${offered.join(', ')}.\n`)
      return 1
    }
    await prepare({ built: true })
    return run(process.execPath, [binary('tsx'), program(`examples/${name}/src/main.ts`), ...args], {
      cwd: callersFolder(),
      env: { TSX_TSCONFIG_PATH: path.join(root, 'examples', name, 'tsconfig.json') },
    })
  },
  bench: async (args) => {
    await prepare({ built: true })
    return run(process.execPath, ['--enable-source-maps', program('bench/dist/main.js'), ...args], {
      cwd: callersFolder(),
    })
  },
  test: (args) => vitest(args),
  'test:long': (args) => vitest(args, { TEST_LONG: '1' }),
  lint: (args) => biome(['check', '--error-on-warnings', ...args]),
  format: (args) => biome(['check', '--write', ...args]),
  typecheck,
  knip: async (args) => {
    await prepare()
    return runNode(binary('knip'), args)
  },
  'check:packages': async (args) => {
    await prepare({ built: true })
    return runNode(path.join(root, 'scripts/check-packages.mjs'), args)
  },
  /** All that CI runs; every part runs even when one before it failed. */
  check: async () => {
    const failed = []
    for (const task of ['build', 'lint', 'typecheck', 'knip', 'check:packages', 'test']) {
      process.stderr.write(`\n== ${task}\n`)
      if ((await attempt(task, [])) !== 0) failed.push(task)
    }
    process.stderr.write(failed.length === 0 ? '\nEverything passed.\n' : `\nFailed: ${failed.join(', ')}.\n`)
    return failed.length === 0 ? 0 : 1
  },
}

const attempt = async (task, args) => {
  try {
    return await tasks[task](args)
  } catch (error) {
    process.stderr.write(`${task}: ${error instanceof Error ? error.message : error}\n`)
    return 1
  }
}

const [task, ...args] = process.argv.slice(2)
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < minimumNode[0] || (major === minimumNode[0] && minor < minimumNode[1])) {
  process.stderr.write(`Node ${minimumNode.join('.')} or later is needed; this is ${process.versions.node}.\n`)
  process.exitCode = 1
} else if (task === undefined || !Object.hasOwn(tasks, task)) {
  process.stderr.write(`Usage: npm run TASK, where TASK is one of: ${Object.keys(tasks).join(', ')}.\n`)
  process.exitCode = 1
} else {
  process.exitCode = await attempt(task, args)
}
