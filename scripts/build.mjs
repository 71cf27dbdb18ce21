import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { workspaceFolders } from './install.mjs'
import { binary, readJson, root, runNode, setUpStdio } from './processes.mjs'

const sharedInputs = ['tsup.base.ts', 'tsconfig.base.json', 'pnpm-lock.yaml']
const stampFolder = path.join(root, 'node_modules', '.cache', 'escrow-ledger-builds')

const sources = (folder) =>
  readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .sort()

/** What tsup builds: the folders that have a configuration for it and something to build. */
const buildable = () =>
  workspaceFolders()
    .filter((folder) => existsSync(path.join(root, folder, 'tsup.config.ts')))
    .map((folder) => ({ folder, entry: ['index', 'main'].find((name) => hasSource(folder, name)) }))
    .filter(({ entry }) => entry !== undefined)
    .map(({ folder, entry }) => {
      const manifest = readJson(path.join(root, folder, 'package.json'))
      const { dependencies, peerDependencies } = manifest
      return {
        folder,
        name: manifest.name,
        private: manifest.private === true,
        output: path.join(root, folder, 'dist', `${entry}.js`),
        stamp: path.join(stampFolder, `${folder.replaceAll('/', '-')}.txt`),
        needs: Object.keys({ ...dependencies, ...peerDependencies }),
      }
    })

const hasSource = (folder, name) => existsSync(path.join(root, folder, 'src', `${name}.ts`))

/** The packages that are published and have something to publish, with their folders. */
export const publishedPackages = () => buildable().filter((unit) => !unit.private)

const fingerprint = (unit, needed) => {
  const hash = createHash('sha256').update(needed.join())
  const own = ['package.json', 'tsup.config.ts', 'tsconfig.json'].map((file) => path.join(unit.folder, file))
  for (const file of [...sharedInputs, ...own, ...sources(path.join(unit.folder, 'src'))]) {
    hash.update(`${file}\n`).update(readFileSync(path.join(root, file)))
  }
  return hash.digest('hex')
}

const isFresh = (unit, wanted) =>
  existsSync(unit.output) && existsSync(unit.stamp) && readFileSync(unit.stamp, 'utf8') === wanted

const build = async (unit, wanted, force) => {
  if (!force && isFresh(unit, wanted)) return
  rmSync(unit.stamp, { force: true })
  process.stderr.write(`Building ${unit.name} …\n`)
  const code = await runNode(binary('tsup'), ['--silent'], { cwd: path.join(root, unit.folder), stdio: setUpStdio })
  if (code !== 0) throw new Error(`${unit.name} could not be built.`)
  mkdirSync(stampFolder, { recursive: true })
  writeFileSync(unit.stamp, wanted)
}

/** Builds what has changed since it was last built, each after the packages it needs; gives when all are done. */
export const buildPackages = async ({ force = false } = {}) => {
  const units = new Map(buildable().map((unit) => [unit.name, unit]))
  const begun = new Map()
  const begin = (name) => {
    if (!begun.has(name)) begun.set(name, buildWithNeeds(units.get(name)))
    return begun.get(name)
  }
  const buildWithNeeds = async (unit) => {
    const needed = await Promise.all(unit.needs.filter((name) => units.has(name)).map(begin))
    const wanted = fingerprint(unit, needed)
    await build(unit, wanted, force)
    return wanted
  }
  const outcomes = await Promise.allSettled([...units.keys()].map(begin))
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
