import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { TestProject } from 'vitest/node'
// By its path: what sets up a run is not yet resolved to the sources of packages.
import { launchServer, type PostgresServer, type PostgresVersion } from '../../postgres-server/src/index.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a test asks for the server that all of a run share. */
    readonly sharedPostgres: string
  }
}

const versions: readonly PostgresVersion[] = [14, 18]

/**
 * Set-up of a whole run, in the process that leads it: answers the workers which PostgreSQL to use, and starts one only
 * when the first of them asks, since most runs need none. `DATABASE_URL` names a server to use in its place.
 */
export default async function setUp({ provide }: TestProject): Promise<() => Promise<void>> {
  const servers = new Map<PostgresVersion, Promise<PostgresServer>>()
  let isOver = false

  async function connectionString(version: PostgresVersion): Promise<string> {
    if (version === 18 && process.env.DATABASE_URL) return process.env.DATABASE_URL
    if (isOver) throw new Error('The run is over.')
    const server = servers.get(version) ?? launchServer({ version })
    servers.set(version, server)
    return (await server).connectionString
  }

  // The server's password is told only to those who know this path.
  const path = `/${randomUUID()}/`
  const desk = createServer((request, response) => {
    const version = versions.find((each) => request.url === path + each)
    if (version === undefined) return void response.writeHead(404).end()
    connectionString(version).then(
      (answer) => response.end(answer),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    )
  })
  await new Promise<void>((resolve) => desk.listen(0, '127.0.0.1', resolve))
  desk.unref()
  const address = desk.address()
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.')
  provide('sharedPostgres', `http://127.0.0.1:${address.port}${path}`)

  return async () => {
    isOver = true
    desk.close()
    desk.closeAllConnections()
    const launched = await Promise.allSettled(servers.values())
    await Promise.all(launched.map((each) => (each.status === 'fulfilled' ? each.value.stop() : undefined)))
  }
}
