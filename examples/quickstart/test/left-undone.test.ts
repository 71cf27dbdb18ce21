import { createSqliteStorage } from '@escrow-ledger/sqlite'
import { createLedger, type Ledger } from 'escrow-ledger'
import { afterAll, expect, test } from 'vitest'
import { demo, demoFolder, header, line } from './demo-run.js'

const folder = demoFolder()
afterAll(folder.remove)
const payable = 'payee:priya:payable'

/** A database in which something was done before the demo, and a file of one session. */
async function given(name: string, before: (ledger: Ledger) => Promise<unknown>): Promise<string[]> {
  const filename = folder.file(`${name}.db`)
  const ledger = createLedger({ storage: createSqliteStorage({ filename }) })
  await ledger.migrate()
  await ledger.accounts.open({ code: payable, currency: 'INR' })
  await before(ledger)
  await ledger.close()
  return ['--input', folder.write(`${name}.csv`, `${header}\n${line()}\n`), '--db', filename]
}

test('a session that cannot be settled is told with its reason, in this run and the next, and by the exit code', async () => {
  const run = await given('closed', (ledger) => ledger.accounts.close({ code: payable }))
  const first = await demo(...run)
  expect(first.code).toBe(4)
  expect(first.results).toContain(`  Session s1 not settled: Account ${payable} is closed`)
  expect(first.results).toContain('1 session taken (0 of them known already), 0 refused.')
  const second = await demo(...run)
  expect(second.code).toBe(4)
  expect(second.results).toContain('  Session s1 not settled: account_closed')
})

test('a payout that is refused is told, and by the exit code', async () => {
  const { code, results } = await demo(
    ...(await given('frozen', (ledger) => ledger.accounts.freeze({ code: payable, what: 'debits' }))),
  )
  expect(code).toBe(4)
  expect(results).toMatch(/^ {2}priya not paid: .*frozen/m)
  expect(results).toContain('nothing deviates')
})

test('a payment that the books cannot take is told, and the rest is done', async () => {
  const huge = line({ amount: '92233720368547758.07', gateway_fee: '46116860184273879.03', gateway_fee_tax: '0' })
  const input = folder.write('huge.csv', `${header}\n${huge}\n${line({ session: 's2', currency: 'EUR' })}\n`)
  const { code, results } = await demo('--input', input, '--db', folder.file('huge.db'))
  expect(code).toBe(4)
  expect(results).toMatch(/^ {2}priya not paid: .*would pass 64 bits/m)
  expect(results).toContain('nothing deviates')
})

test('what a gateway does not pay out stays owed, and is told', async () => {
  const input = folder.write('small.csv', `${header}\n${line({ amount: '1.00', satisfaction: '' })}\n`)
  const asOf = ['--as-of', '2026-10-05T00:00:00Z']
  const { code, results } = await demo('--gateway', 'razorpay', '--input', input, ...asOf)
  expect(code).toBe(4)
  expect(results).toContain(`  Still owed: 0.80 INR, ${payable}`)
})

test('rows that were refused are told before that by the exit code', async () => {
  const run = await given('both', (ledger) => ledger.accounts.close({ code: payable }))
  folder.write('both.csv', `${header}\n${line()}\n${line({ session: 's2', amount: '-1' })}\n`)
  expect((await demo(...run)).code).toBe(2)
})
