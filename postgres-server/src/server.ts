import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Account, type Binaries, findBinaries, type PostgresVersion, serverAccount } from './binaries.js'
import { type Postmaster, type StopMode, serverEnvironment, startPostmaster } from './postmaster.js'

export interface ServerOptions {
  /** 18, unless it is said. */
  readonly version?: PostgresVersion | undefined
  /** Whether what is committed outlives the machine. It outlives the server in any case, and is much faster without. */
  readonly fsync?: boolean | undefined
  /** A free one, unless it is said. */
  readonly port?: number | undefined
  /** Settings of the server: `{ max_connections: '20' }`. */
  readonly flags?: Readonly<Record<string, string>> | undefined
}

export interface PostgresServer {
  readonly version: PostgresVersion
  readonly port: number
  readonly connectionString: string
  /** What the server writes about itself. */
  readonly log: string
  /** Stops the server and keeps its data. */
  halt(options: { readonly mode: StopMode }): Promise<void>
  /** Starts it again where it was, on the same port. */
  resume(): Promise<void>
  restart(options: { readonly mode: StopMode }): Promise<void>
  /** Stops it for good and removes all of it. */
  stop(): Promise<void>
}

/** The order of a language, as most servers have it, so that a statement which relies on the order of bytes says so. */
const localeOf = (version: PostgresVersion) =>
  version === 14 ? ['--no-locale'] : ['--no-locale', '--locale-provider=icu', '--icu-locale=en-US']

/**
 * Starts a server of its own in a temporary folder, reachable from this machine alone and with a password that only its
 * connection string tells. It ends with this process at the latest, however that ends.
 */
export async function launchServer(options: ServerOptions = {}): Promise<PostgresServer> {
  const version = options.version ?? 18
  const account = serverAccount()
  const folder = await mkdtemp(path.join(tmpdir(), 'escrow-ledger-postgres-'))
  const undertaker = appointUndertaker(folder)
  try {
    if (account) await chown(folder, account.uid, account.gid)
    const binaries = await findBinaries(version, { account, folder })
    const password = randomBytes(16).toString('hex')
    const [port] = await Promise.all([
      options.port ?? freePort(),
      createData({ binaries, account, folder, password, version }),
    ])
    const run = () =>
      startPostmaster({
        program: binaries.postgres,
        args: settingsOf(port, options),
        data: path.join(folder, 'data'),
        log: path.join(folder, 'log'),
        account,
        onStart: undertaker.tell,
      })
    const connectionString = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
    const postmaster = await run()
    return createServerHandle({ version, port, connectionString, folder, postmaster, run, undertaker })
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    undertaker.dismiss()
    throw error
  }
}

function createServerHandle(given: {
  readonly version: PostgresVersion
  readonly port: number
  readonly connectionString: string
  readonly folder: string
  readonly postmaster: Postmaster
  readonly run: () => Promise<Postmaster>
  readonly undertaker: Undertaker
}): PostgresServer {
  const { version, port, connectionString, folder, run, undertaker } = given
  let running: Postmaster | undefined = given.postmaster
  let removed: Promise<void> | undefined

  async function halt({ mode }: { readonly mode: StopMode }): Promise<void> {
    await running?.stop(mode)
    running = undefined
    undertaker.tell(0)
  }

  async function resume(): Promise<void> {
    if (running) throw new Error('The server runs already; halt it first.')
    running = await run()
  }

  async function remove(): Promise<void> {
    await halt({ mode: 'immediate' })
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
    undertaker.dismiss()
  }

  return {
    ...{ version, port, connectionString, log: path.join(folder, 'log'), halt, resume },
    async restart(options) {
      await halt(options)
      await resume()
    },
    stop() {
      removed ??= remove()
      return removed
    },
  }
}

interface Undertaker {
  readonly tell: (pid: number) => void
  readonly dismiss: () => void
}

function appointUndertaker(folder: string): Undertaker {
  const program = fileURLToPath(new URL('../undertaker.mjs', import.meta.url))
  const child = spawn(process.execPath, [program, folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  child.stdin.on('error', () => {})
  child.on('error', () => {})
  child.unref()
  return {
    tell: (pid) => void child.stdin.write(`${pid}\n`),
    dismiss: () => void child.stdin.end(),
  }
}

function settingsOf(port: number, { fsync = false, flags = {} }: ServerOptions): string[] {
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '300',
    ...(fsync ? {} : { fsync: 'off', full_page_writes: 'off' }),
    ...flags,
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

async function createData(given: {
  readonly binaries: Binaries
  readonly account: Account | undefined
  readonly folder: string
  readonly password: string
  readonly version: PostgresVersion
}): Promise<void> {
  const { binaries, account, folder, password, version } = given
  const secret = path.join(folder, 'password')
  await writeFile(secret, password, { mode: 0o600 })
  if (account) await chown(secret, account.uid, account.gid)
  const args = ['-D', path.join(folder, 'data'), '-U', 'postgres', '-A', 'password', `--pwfile=${secret}`]
  const quick = ['--no-sync', '--no-instructions', '-E', 'UTF8', ...localeOf(version)]
  await promisify(execFile)(binaries.initdb, [...args, ...quick], { cwd: folder, env: serverEnvironment, ...account })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('The system names no free port.')
  return address.port
}
