import path from 'node:path'
import { capture, readJson, root, run, setUpStdio } from './processes.mjs'

/** The version the repository is pinned to, run through npm: nothing needs to be installed globally. */
const pnpm = readJson(path.join(root, 'package.json')).packageManager

/**
 * npm hands its own settings down as environment variables, and pnpm reads them. The ones that change what an
 * installation does are left out; those that say where packages come from stay.
 */
const settingsNotPassedOn = new Set(
  [
    ...['call', 'dry_run', 'global', 'if_present', 'ignore_scripts', 'include', 'json', 'location', 'loglevel'],
    ...['offline', 'omit', 'only', 'optional', 'package', 'package_lock', 'prefix', 'production', 'recursive'],
    ...['save', 'silent', 'workspace', 'workspaces', 'yes'],
  ].map((name) => `npm_config_${name}`),
)

const environment = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      // NODE_ENV=production would leave the development tools out.
      ([name]) => name !== 'NODE_ENV' && !settingsNotPassedOn.has(name.toLowerCase()),
    ),
  )

/** npm as a program and its first arguments: the one that started this task, or else the one on the path. */
const npmCommand = () => {
  const npm = process.env.npm_execpath
  if (npm && /npm-cli\.c?js$/.test(npm)) return [process.execPath, npm]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm']
}

const throughNpm = (args) => ['exec', '--yes', '--loglevel=error', `--package=${pnpm}`, '--', 'pnpm', ...args]

export const captureNpm = (args, { cwd }) => {
  const [program, ...first] = npmCommand()
  return capture(program, [...first, ...args], { cwd, baseEnv: environment() })
}

export const capturePnpm = (args, options) => captureNpm(throughNpm(args), options)

/** Runs pnpm for set-up work, with all output on standard error. */
export const runPnpm = (args) => {
  const [program, ...first] = npmCommand()
  return run(program, [...first, ...throughNpm(args)], { stdio: setUpStdio, baseEnv: environment() })
}
