import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { displayWidth } from '../src/table.js'
import { demo, demoFolder, dump, header, line } from './demo-run.js'

const folder = demoFolder()
afterAll(folder.remove)

describe('the sessions that come with the demo', () => {
  const [db, journal, again] = ['sample.db', 'sample.journal', 'again.journal'].map(folder.file) as [
    string,
    string,
    string,
  ]
  let first: Awaited<ReturnType<typeof demo>>
  beforeAll(async () => {
    first = await demo('--db', db, '--export', journal)
  })

  test('are all taken, settled and paid', () => {
    expect(first.code).toBe(0)
    expect(first.results).toContain('200 sessions taken (0 of them known already), 0 refused.')
    expect(first.results).toMatch(/^ {2}Still held +0\.00 +0 +0\.000 +0\.00$/m)
    expect(first.results).toContain('nothing deviates')
    expect(first.progress).toMatch(/rows taken a second/)
  })

  test('add up: what was funded was settled, and all of it left but the platform’s part', () => {
    const [, ...rows] = section(first.results, 'What became of the money')
    const amounts = new Map(rows.map((text) => text.trim().split(/ {2,}/)).map(([title, ...each]) => [title, each]))
    expect(amounts.get('Settled')).toEqual(amounts.get('Funded'))
    expect(amounts.get('Refunded')).toEqual(amounts.get('Penalties'))
    expect(amounts.get('Funded')?.[1]).toMatch(/^9,007,199,25/)
  })

  test('give a report that fits a terminal, with balanced columns', () => {
    // The lines with paths are as long as the paths.
    const lines = first.results.split('\n').filter((text) => !text.includes('/'))
    expect(Math.max(...lines.map(displayWidth))).toBeLessThan(100)
    for (const text of section(first.results, 'Trial balance').filter((each) => each.startsWith('    total'))) {
      const [, debit, credit] = text.trim().split(/ {2,}/)
      expect(debit).toBe(credit)
    }
  })

  test('change nothing when they are run again', async () => {
    const before = dump(db)
    const second = await demo('--db', db, '--export', again)
    expect(second.results).toContain('200 sessions taken (200 of them known already), 0 refused.')
    expect(second.code).toBe(0)
    expect(dump(db)).toEqual(before)
    expect(readFileSync(again, 'utf8')).toBe(readFileSync(journal, 'utf8'))
  })
})

test('takes a worked example to the last unit', async () => {
  const input = folder.write('worked.csv', `${header}\n${line()}\n`)
  const { code, results } = await demo('--input', input, '--db', folder.file('worked.db'))
  expect(code).toBe(0)
  expect(results).toContain(worked)
})

test('leaves held what is not due yet, and pays it out when it is', async () => {
  const input = folder.write('early.csv', `${header}\n${line()}\n`)
  const db = folder.file('early.db')
  const early = await demo('--input', input, '--db', db, '--as-of', '2026-10-02T09:59:59Z')
  expect(early.results).toMatch(/Settled +0\.00/)
  expect(early.results).toMatch(/Still held +1,000\.00/)
  expect(early.results).toMatch(/INR +1,000\.00 +976\.40 +23\.60$/m)
  const due = await demo('--input', input, '--db', db, '--as-of', '2026-10-02T10:00:00Z')
  expect(due.results).toContain('1 session taken (1 of them known already), 0 refused.')
  expect(due.results).toMatch(/Paid out +600\.00/)
  expect(due.results).toMatch(/Still held +0\.00/)
})

test('takes what was added to a file since the last run', async () => {
  const input = folder.write('more.csv', `${header}\n${line()}\n`)
  const db = folder.file('more.db')
  await demo('--input', input, '--db', db)
  folder.write('more.csv', `${header}\n${line()}\n${line({ session: 's2', payee: 'lena' })}\n`)
  const { code, results } = await demo('--input', input, '--db', db)
  expect(code).toBe(0)
  expect(results).toContain('2 sessions taken (1 of them known already), 0 refused.')
  expect(results).toMatch(/Funded +2,000\.00/)
})

test('tells the story of the deal that is asked for', async () => {
  const input = folder.write('two.csv', `${header}\n${line()}\n${line({ session: 'café "2"', satisfaction: '' })}\n`)
  const { results } = await demo('--input', input, '--db', folder.file('two.db'), '--session', 'café "2"')
  expect(section(results, 'The story of café "2"').join('\n')).toMatch(/payee:priya:payable +800\.00/)
})

test('finds out before the work that there is no such session', async () => {
  const text = `${header}\n${line()}\n${line({ session: 'bad', amount: '-1' })}\n`
  const input = folder.write('sought.csv', text)
  const db = folder.file('sought.db')
  for (const session of ['s9', 'bad', 'x'.repeat(200)]) {
    for (const gateway of [[], ['--gateway', 'razorpay']]) {
      const run = demo('--input', input, '--db', db, '--session', session, ...gateway)
      await expect(run).rejects.toThrow(`--session must name a session that can be taken from the file`)
      expect(existsSync(db)).toBe(false)
    }
  }
  await demo('--input', input, '--db', db)
  const before = dump(db)
  await expect(demo('--input', input, '--db', db, '--session', 's9')).rejects.toThrow("not 's9'")
  expect(dump(db)).toEqual(before)
  const other = folder.write('other.csv', `${header}\n${line({ session: 's2' })}\n`)
  expect((await demo('--input', other, '--db', db, '--session', 's1')).results).toContain('The story of s1')
})

/** The lines of a section of the report, from its title to the next empty line but one. */
function section(results: string, title: string): string[] {
  const lines = results.split('\n')
  const start = lines.findIndex((text) => text.startsWith(title))
  expect(start).toBeGreaterThan(0)
  const rest = lines.slice(start + 2)
  const end = rest.findIndex((text) => text !== '' && !text.startsWith(' '))
  return (end < 0 ? rest : rest.slice(0, end)).filter((text) => text !== '')
}

const worked = `The story of s1

  chen pays priya 1,000.00 INR; settled.

  Time (UTC)           What                                Debit    Credit
  2026-10-01 09:00:00  open, by quickstart
  2026-10-01 09:00:00  fund, by quickstart
                         funding
                           bank:main                    1,000.00
                           escrow:s1                              1,000.00
                         fee
                           gateway:manual:fees             20.00
                           gateway:manual:fee-tax           3.60
                           bank:main                                 23.60
  2026-10-01 10:00:00  complete, by quickstart
  2026-10-02 10:00:00  settle, by settlement-run
                         release
                           escrow:s1                    1,000.00
                           platform:fees                            200.00
                           payee:priya:payable                      600.00
                           payer:chen:refunds                       200.00
                         refund_instructed
                           payer:chen:refunds             200.00
                           refunds:in-transit:manual                200.00
  2026-11-20 00:00:00  refund-processed, by bank-clerk
                         refund_processed
                           refunds:in-transit:manual      200.00
                           bank:main                                200.00
`
