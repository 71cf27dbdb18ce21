/**
 * Checks the packages as they would be published: packs each, has the tarball looked at by publint and
 * @arethetypeswrong/cli, then installs all of them with npm in a project outside the workspace, imports each and type
 * checks a consumer, declarations of the dependencies included. Exits with 1 on any finding.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { publishedPackages } from './build.mjs'
import { captureNpm, capturePnpm } from './pnpm.mjs'
import { binary, capture, readJson, root } from './processes.mjs'

const findings = []

/** One line for a step that went well; all that was said, and a finding, for one that did not. */
const step = async (what, work) => {
  const { code, output } = await work()
  process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${what}\n`)
  if (code === 0) return true
  process.stdout.write(`${output}\n`)
  findings.push(what)
  return false
}

const pack = async (unit, folder) => {
  mkdirSync(folder, { recursive: true })
  const cwd = path.join(root, unit.folder)
  const args = ['pack', '--pack-destination', folder]
  if (!(await step(`${unit.name}: pack`, () => capturePnpm(args, { cwd })))) return undefined
  const tarball = path.join(folder, readdirSync(folder)[0])
  checkContents(unit, tarball)
  return { ...unit, tarball }
}

const tar = (...args) => execFileSync('tar', args, { encoding: 'utf8' })

/** What no tool looks for: traces of the workspace in the package, and files that have no business there. */
const checkContents = (unit, tarball) => {
  const find = (what) => findings.push(`${unit.name}: ${what}`)
  const manifest = tar('-xzOf', tarball, 'package/package.json')
  for (const trace of ['@escrow-ledger/source', 'workspace:', './src/']) {
    if (manifest.includes(trace)) find(`the packed package.json names ${trace}`)
  }
  const files = tar('-tzf', tarball).split('\n').filter(Boolean)
  for (const needed of ['package/LICENSE', 'package/README.md', 'package/dist/index.js', 'package/dist/index.js.map']) {
    if (!files.includes(needed)) find(`the tarball lacks ${needed}`)
  }
  for (const file of files.filter((name) => /\.test\.|\.ts$/.test(name) && !name.endsWith('.d.ts'))) {
    find(`the tarball holds ${file}`)
  }
}

const lint = async ({ name, tarball }) => {
  const attw = [binary('@arethetypeswrong/cli', 'attw'), tarball, '--profile', 'esm-only', '--format', 'ascii']
  await step(`${name}: publint`, () => captureNode([binary('publint'), 'run', tarball, '--strict']))
  await step(`${name}: attw`, () => captureNode(attw))
}

const captureNode = (args, options) => capture(process.execPath, args, options)

const installedVersion = (name) => readJson(path.join(root, 'node_modules', name, 'package.json')).version

const writeConsumer = (folder, packages) => {
  const write = (file, content) => writeFileSync(path.join(folder, file), content)
  const json = (value) => JSON.stringify(value, null, 2)
  write(
    'package.json',
    json({
      private: true,
      type: 'module',
      dependencies: Object.fromEntries(packages.map(({ name, tarball }) => [name, `file:${tarball}`])),
      devDependencies: { '@types/node': installedVersion('@types/node') },
    }),
  )
  const imports = packages.map(({ name }, index) => `import * as package${index} from '${name}'`)
  const all = packages.map(({ name }, index) => `  '${name}': Object.keys(package${index}).length,`)
  write(
    'consumer.ts',
    `${imports.join('\n')}\n\nexport const exported: Record<string, number> = {\n${all.join('\n')}\n}\n`,
  )
  write(
    'import.mjs',
    [
      ...imports,
      `const exported = {\n${all.join('\n')}\n}`,
      'for (const [name, count] of Object.entries(exported)) console.log(name, count, "exports")',
      'process.exit(Object.values(exported).every((count) => count > 0) ? 0 : 1)',
    ].join('\n'),
  )
  const compilerOptions = { strict: true, noEmit: true, skipLibCheck: false, target: 'ES2022', types: ['node'] }
  const project = (module, moduleResolution) =>
    json({ compilerOptions: { ...compilerOptions, module, moduleResolution }, files: ['consumer.ts'] })
  write('tsconfig.nodenext.json', project('NodeNext', 'NodeNext'))
  write('tsconfig.bundler.json', project('ESNext', 'Bundler'))
}

/** Nothing is compiled: better-sqlite3 loads its binary only when a database is opened. */
const npmInstall = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']

const consume = async (packages, folder) => {
  mkdirSync(folder)
  writeConsumer(folder, packages)
  if (!(await step('consumer: npm install', () => captureNpm(npmInstall, { cwd: folder })))) return
  await step('consumer: import', () => captureNode(['import.mjs'], { cwd: folder }))
  for (const resolution of ['nodenext', 'bundler']) {
    const tsc = [binary('typescript', 'tsc'), '-p', `tsconfig.${resolution}.json`]
    await step(`consumer: types under ${resolution}`, () => captureNode(tsc, { cwd: folder }))
  }
}

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'escrow-ledger-packages-')))
try {
  const packed = []
  for (const unit of publishedPackages()) {
    const result = await pack(unit, path.join(folder, unit.name.replaceAll('/', '-')))
    if (result !== undefined) packed.push(result)
  }
  for (const result of packed) await lint(result)
  if (packed.length > 0) await consume(packed, path.join(folder, 'consumer'))
  const summary = findings.length === 0 ? `${packed.length} packages are fit to publish.` : findings.join('\n')
  process.stdout.write(`\n${summary}\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = findings.length === 0 ? 0 : 1
