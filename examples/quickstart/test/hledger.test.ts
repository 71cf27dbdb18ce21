import { spawnSync } from 'node:child_process'
import { createWriteStream, readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createSqliteStorage } from '@escrow-ledger/sqlite'
import { chartRule, createLedger, fromMinor, type Ledger, money, registerUnit } from 'escrow-ledger'
import { afterAll, describe, expect, test } from 'vitest'
import { accountCodeOf, hledgerAccount, hledgerJournal } from '../src/hledger.js'
import { demo, demoFolder } from './demo-run.js'
import { sumJournal } from './journal-sums.js'

const folder = demoFolder()
afterAll(folder.remove)
const hasHledger = spawnSync('hledger', ['--version']).status === 0

/** What the ledger itself says of each account, as the export should say it. */
async function balancesOf(ledger: Ledger): Promise<Map<string, bigint>> {
  const { rows } = await ledger.reports.trialBalance()
  const signed = rows.map(
    ({ account, currency, debit, credit }) =>
      [`${currency} ${hledgerAccount(account)}`, (debit?.minor ?? 0n) - (credit?.minor ?? 0n)] as const,
  )
  return new Map(signed.filter(([, net]) => net !== 0n))
}

async function entryCount(ledger: Ledger): Promise<number> {
  let count = 0
  for await (const _ of ledger.journal.list()) count += 1
  return count
}

/** What hledger says of each account. */
function hledgerBalances(file: string, decimals: (commodity: string) => number): Map<string, bigint> {
  const args = ['-f', file, 'balance', '--flat', '--no-total', '--layout=bare', '--output-format=csv']
  const env = { ...process.env, LC_ALL: 'C.UTF-8' }
  const { status, stdout, stderr } = spawnSync('hledger', args, { encoding: 'utf8', env, maxBuffer: 2 ** 28 })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const [, ...rows] = stdout.trim().split('\n')
  return new Map(
    rows.map((row) => {
      const [, account = '', commodity = '', amount = ''] = /^"((?:[^"]|"")*)","([^"]*)","([^"]*)"$/.exec(row) ?? []
      expect(amount.split('.')[1]?.length ?? 0).toBe(decimals(commodity))
      return [`${commodity} ${account.replaceAll('""', '"')}`, BigInt(amount.replace('.', ''))]
    }),
  )
}

describe('the export of the sessions that come with the demo', async () => {
  const [db, file] = [folder.file('sample.db'), folder.file('sample.journal')]
  await demo('--db', db, '--export', file)
  const ledger = createLedger({ storage: createSqliteStorage({ filename: db }) })
  afterAll(() => ledger.close())

  test('adds up to the trial balance, entry by entry and account by account', async () => {
    const { entries, balances } = sumJournal(readFileSync(file, 'utf8'))
    expect(balances).toEqual(await balancesOf(ledger))
    expect(entries).toHaveLength(await entryCount(ledger))
    expect(entries.filter(({ balanced }) => !balanced)).toEqual([])
  })

  test('tells of each entry its id and kind, and the day on which it took effect', async () => {
    const { entries } = sumJournal(readFileSync(file, 'utf8'))
    for (const { comment, date } of entries) {
      const [, id = '', kind] = /^id:([0-9a-f-]{36}), kind:([a-z_]+)/.exec(comment) ?? []
      const entry = await ledger.journal.get(id)
      expect(kind).toBe(entry.kind)
      expect(date).toBe(new Date(entry.effectiveAt).toISOString().slice(0, 10))
    }
  })

  test.skipIf(!hasHledger)('adds up to the same in hledger', async () => {
    const decimals: Record<string, number> = { INR: 2, USD: 2, JPY: 0, KWD: 3 }
    expect(hledgerBalances(file, (commodity) => decimals[commodity] ?? -1)).toEqual(await balancesOf(ledger))
  })
})

const awkward = [
  'plain',
  'payee:Ann Lee:payable',
  'two  spaces',
  ' a space in front',
  'a space behind ',
  'a space : before a colon',
  'payee:50%25:payable',
  'payee:50%3A50:payable',
  '100%',
  '%20',
  'a;b ; c',
  '(virtual)',
  '[balanced virtual]',
  '* cleared',
  '! pending',
  '~ periodic',
  '= automatic',
  'payee:"quoted":payable',
  "payee:o'neil@example.com:payable",
  'payee:12.50 INR:payable',
  'payee:a,b|c:payable',
  'payee:山田 花子:payable',
  'payee:👩‍👩‍👧:payable',
  'payee:é:payable',
  'payee:e\u0301:payable',
  'payee:no\u00a0break:payable',
  'payee:wide\u3000space:payable',
  'payee:line\u2028separator:payable',
  'payee:\u202eright to left:payable',
  'x'.repeat(400),
]

test('every account’s name can be read back, and no two become one', () => {
  expect(awkward.map(hledgerAccount).map(accountCodeOf)).toEqual(awkward)
  expect(new Set(awkward.map(hledgerAccount)).size).toBe(awkward.length)
})

describe('an export of awkward names, times and units', async () => {
  registerUnit({ code: 'POINTS_2', exponent: 4 })
  const file = folder.file('awkward.journal')
  const ledger = createLedger({ storage: createSqliteStorage({ filename: ':memory:' }) })
  afterAll(() => ledger.close())
  await ledger.migrate()
  await ledger.books.open({ timeZone: 'Asia/Kolkata' })
  for (const [index, code] of awkward.entries()) {
    const currencies = ['INR', 'POINTS_2', 'JPY', 'KWD']
    // An account of the chart is opened by its first posting.
    const toOpen = chartRule(code) ? [] : currencies
    for (const currency of toOpen) await ledger.accounts.open({ code, currency, type: 'liability' })
    const amounts = currencies.map((currency) => fromMinor(BigInt(index + 1), currency))
    await ledger.journal.post({
      description: index % 2 === 0 ? code.slice(0, 100) : `${code.slice(0, 50)}\nsecond line ; no comment`,
      effectiveAt: '2026-10-31T18:30:00Z',
      postings: amounts.flatMap((amount) => [
        { account: 'bank:main', debit: amount },
        { account: code, credit: amount },
      ]),
    })
  }
  const most = money('90000000000000000.01', 'INR')
  const largest = [
    { account: 'bank:large', debit: most },
    { account: 'platform:fees', credit: most },
  ]
  await ledger.journal.post({ effectiveAt: '2026-10-31T18:29:59.999Z', postings: largest })
  await pipeline(Readable.from(hledgerJournal(ledger)), createWriteStream(file))

  test('adds up to the trial balance', async () => {
    const { entries, balances } = sumJournal(readFileSync(file, 'utf8'))
    expect(balances).toEqual(await balancesOf(ledger))
    expect(entries.filter(({ balanced }) => !balanced)).toEqual([])
  })

  test('has the dates of the book’s own time zone', () => {
    const { entries } = sumJournal(readFileSync(file, 'utf8'))
    expect(entries.map(({ date }) => date)).toEqual([...awkward.map(() => '2026-11-01'), '2026-10-31'])
  })

  test.skipIf(!hasHledger)('adds up to the same in hledger', async () => {
    const decimals: Record<string, number> = { INR: 2, POINTS_2: 4, JPY: 0, KWD: 3 }
    expect(hledgerBalances(file, (commodity) => decimals[commodity] ?? -1)).toEqual(await balancesOf(ledger))
  })
})
