import path from 'node:path'
import { readJson, root, run, setUpStdio } from './processes.mjs'

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

export const runPnpm = (args, { cwd = root, stdio = setUpStdio } = {}) => {
  const npm = process.env.npm_execpath
  const throughNpm = ['exec', '--yes', '--loglevel=error', `--package=${pnpm}`, '--', 'pnpm', ...args]
  const options = { cwd, stdio, baseEnv: environment() }
  if (npm && /npm-cli\.c?js$/.test(npm)) return run(process.execPath, [npm, ...throughNpm], options)
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', throughNpm, options)
}
