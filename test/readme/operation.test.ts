import { expect, test } from 'vitest'
import { printedBy, readDocument } from './document.js'

/** What a host has before it comes to the guide: a database, a server, its own ways to log and to know who asks. */
const host = `
import { once } from 'node:events'
import { createServer } from 'node:http'
import { expressMount } from '@escrow-ledger/http/express'
import { createSqliteStorage } from '@escrow-ledger/sqlite'

Object.assign(process.env, {
  SQLITE_FILE: ':memory:',
  API_KEY_PEPPER: 'p'.repeat(32),
  METRICS_TOKEN: 'm'.repeat(32),
  SHUTDOWN_GRACE_MS: '20000',
})
const storage = createSqliteStorage({ filename: ':memory:' })
const gateways = {}
const authenticate = () => {
  throw new Error('The table of users is gone.')
}
const say = (level: string) => (about: { code?: string }, message: string) =>
  console.log(level, message, about.code ?? '')
const logger = { info: say('info'), warn: say('warn'), error: say('error') }
const Sentry = {
  captureException: (error: Error, { tags }: { tags: { operation: string | null } }) =>
    console.log('sentry', error.message, tags.operation),
}
const server = createServer((req, res) => void expressMount(handler)(req, res, () => res.destroy()))
`

const requests = `
await ledger.migrate()
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const url = \`http://127.0.0.1:\${(server.address() as { port: number }).port}\`
await (await fetch(\`\${url}/health\`)).text()
await (await fetch(\`\${url}/accounts\`)).text()
const scrape = async (token: string) => {
  const headers = { authorization: \`Bearer \${token}\` }
  const response = await metrics.handler(new Request('http://localhost/metrics', { headers }))
  return \`\${response.status} \${(await response.text()).includes('http_server_request_duration_count')}\`
}
console.log('metrics', await scrape('guessed'), await scrape('m'.repeat(32)))
process.kill(process.pid, 'SIGTERM')
await once(process, 'SIGTERM')
console.log(JSON.stringify(await shutdown()))
`

test('the code in the guide to operation runs in a host, tells of failures, and stops', async () => {
  const { blocks } = await readDocument('docs/operation.md')
  const [wiring = '', sentry = '', ...others] = blocks
    .filter(({ language }) => language === 'ts')
    .map(({ text }) => text)
  expect(others).toEqual([])
  // The error hook is told of at the end, and used at the beginning.
  expect((await printedBy([host, sentry, wiring, requests].join('\n'))).split('\n')).toEqual([
    'info GET /health 200 ',
    'sentry The table of users is gone. accounts.list',
    'error A request failed by a bug. ',
    'error GET /accounts 500 internal_error',
    'metrics 401 false 200 true',
    'info Stopping. ',
    'info Stopped. ',
    '{"late":[],"failed":[]}',
    '',
  ])
})
