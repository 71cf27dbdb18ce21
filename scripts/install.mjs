import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { runPnpm } from './pnpm.mjs'
import { root } from './processes.mjs'

const stampFile = path.join(root, 'node_modules', '.escrow-ledger-installed.json')

/** Every folder of the workspace that has a package.json, as paths from the root. */
export const workspaceFolders = () => {
  const within = (parent) =>
    existsSync(path.join(root, parent)) ? readdirSync(path.join(root, parent)).map((name) => `${parent}/${name}`) : []
  return ['.', ...within('packages'), ...within('examples'), 'postgres-server', 'test', 'bench'].filter((folder) =>
    existsSync(path.join(root, folder, 'package.json')),
  )
}

const fingerprint = () => {
  const hash = createHash('sha256')
  const manifests = workspaceFolders().map((folder) => path.join(folder, 'package.json'))
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests]) {
    hash.update(`${file}\n`).update(readFileSync(path.join(root, file)))
  }
  return hash.digest('hex')
}

const readStamp = () => {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'))
  } catch {
    return undefined
  }
}

/** Compiled dependencies fit one platform and one version of Node's binary interface. */
const binaryInterface = () => `${process.platform}-${process.arch}-${process.versions.modules}`

const runOrFail = async (args, failure) => {
  if ((await runPnpm(args)) !== 0) throw new Error(failure)
}

/** Installs exactly what the lockfile says, unless that is what is installed already. */
export const ensureInstalled = async () => {
  const wanted = { dependencies: fingerprint(), binaryInterface: binaryInterface() }
  const installed = readStamp()
  if (installed?.dependencies === wanted.dependencies && installed.binaryInterface === wanted.binaryInterface) return
  process.stderr.write('Installing dependencies; the first time takes a minute or two …\n')
  const install = ['install', '--frozen-lockfile', '--prod=false', '--ignore-scripts=false']
  await runOrFail(
    [...install, '--prefer-offline', '--reporter=append-only', '--loglevel=warn'],
    'The dependencies could not be installed; what went wrong is told above.',
  )
  if (installed !== undefined && installed.binaryInterface !== wanted.binaryInterface) {
    await runOrFail(['rebuild', '--recursive'], 'The compiled dependencies could not be rebuilt for this Node.')
  }
  writeFileSync(stampFile, JSON.stringify(wanted))
}
