import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Client, escapeIdentifier } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFile } from '../fixtures/temporary-file.js'
import { sharedPostgres } from '../postgres/open-postgres.js'

const guide = new URL('../../docs/host-transactions.md', import.meta.url)

/** The programs of the guide by their chapter, each with what it says that it prints. */
async function programs(): Promise<ReadonlyMap<string, { readonly code: string; readonly prints: string }>> {
  const chapters = (await readFile(guide, 'utf8')).split(/^## /m).slice(1)
  return new Map(
    chapters.flatMap((chapter) => {
      const [title = ''] = chapter.split('\n')
      const parts = /^```ts\n(?<code>[\s\S]*?)^```$\n\nprints\n\n^```\n(?<prints>[\s\S]*?)^```$/m.exec(chapter)?.groups
      return parts ? [[title, { code: parts.code ?? '', prints: parts.prints ?? '' }] as const] : []
    }),
  )
}

/** A database of a program's own, dropped when the test is finished: a program keeps to the default schemas. */
async function newDatabase(): Promise<string> {
  const connectionString = await sharedPostgres()
  const name = `guide_${randomBytes(8).toString('hex')}`
  const run = async (statement: string) => {
    const client = new Client({ connectionString })
    await client.connect()
    await client.query(statement)
    await client.end()
  }
  await run(`create database ${escapeIdentifier(name)}`)
  onTestFinished(() => run(`drop database ${escapeIdentifier(name)} with (force)`))
  const url = new URL(connectionString)
  url.pathname = name
  return url.href
}

const chapters = ['PostgreSQL, with knex', 'PostgreSQL, with pg', 'SQLite, with better-sqlite3', 'SQLite, with knex']

test('the guide has a program for every kind of transaction', async () => {
  expect([...(await programs()).keys()]).toEqual(chapters)
})

test.each(chapters)('%s: the program runs, and prints what the guide says', async (chapter) => {
  const { code = '', prints } = (await programs()).get(chapter) ?? {}
  // Inside this package, so that the imports resolve as they do for a user who has installed them.
  const program = fileURLToPath(new URL(`guide-${randomBytes(4).toString('hex')}.process.ts`, import.meta.url))
  await writeFile(program, code)
  onTestFinished(() => rm(program))
  const flags = ['--import', import.meta.resolve('tsx'), '--conditions=@escrow-ledger/source', program]
  const env = { ...process.env, DATABASE_URL: chapter.startsWith('PostgreSQL') ? await newDatabase() : '' }
  const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: path.dirname(temporaryFile()), env })
  expect(stdout).toBe(prints)
})
