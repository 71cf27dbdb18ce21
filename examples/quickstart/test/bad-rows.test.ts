import { existsSync } from 'node:fs'
import { createSqliteStorage } from '@escrow-ledger/sqlite'
import { createLedger, type EscrowView } from 'escrow-ledger'
import { afterAll, expect, test } from 'vitest'
import { openDeal } from '../src/process-sessions.js'
import { readSessions } from '../src/sessions-csv.js'
import { demo, demoFolder, dump, header, line } from './demo-run.js'

const folder = demoFolder()
afterAll(folder.remove)

/** What the ledger has of sessions, once the demo has run on a file. */
async function escrowsOf(filename: string): Promise<EscrowView[]> {
  const ledger = createLedger({ storage: createSqliteStorage({ filename }) })
  const escrows: EscrowView[] = []
  for await (const escrow of ledger.escrows.list()) escrows.push(escrow)
  await ledger.close()
  return escrows
}

const bad: readonly (readonly [string, string, RegExp])[] = [
  ['too few columns', 's,chen,priya,1000.00,INR', /has 5 columns where the first line has 10/],
  ['too many columns', `${line()},more`, /has 11 columns/],
  ['an empty column', line({ payee: '' }), /payee must not be empty/],
  ['an unknown currency', line({ currency: 'XYZ' }), /currency: "XYZ" is not a known currency/],
  ['a currency in small letters', line({ currency: 'inr' }), /currency: .*write it as 'INR'/],
  ['too many decimals', line({ amount: '1000.001' }), /amount: "1000\.001" has 3 decimals and INR has 2/],
  ['decimals of a currency without', line({ amount: '10.5', currency: 'JPY' }), /JPY has none/],
  ['a negative amount', line({ amount: '-5.00' }), /amount must be more than zero/],
  ['no amount at all', line({ amount: '0.00' }), /amount must be more than zero/],
  ['an amount for people', line({ amount: '1,000.00' }), /amount: "1,000\.00" is not an amount/],
  ['an exponent', line({ amount: '1e3' }), /amount: "1e3" is not an amount/],
  ['an amount beyond 64 bits', line({ amount: '92233720368547758.08' }), /beyond 64 bits/],
  ['a negative fee', line({ gateway_fee: '-1.00' }), /gateway_fee must not be less than zero/],
  ['a tax above its fee', line({ gateway_fee_tax: '23.61' }), /gateway_fee_tax must be between zero and gateway_fee/],
  ['a score that is no number', line({ satisfaction: 'good' }), /satisfaction must be a number from 1 to 5.*"good"/],
  ['a score below the scale', line({ satisfaction: '0.9' }), /satisfaction must be a number from 1 to 5/],
  ['a score above the scale', line({ satisfaction: '5.01' }), /satisfaction must be a number from 1 to 5/],
  [
    'a session that ends before it was paid',
    line({ completed_at: '2026-10-01T08:59:59Z' }),
    /completed_at lies before/,
  ],
  ['a payment in the future', line({ captured_at: '2026-11-21T00:00:00Z' }), /captured_at lies in the future/],
  ['an end in the future', line({ completed_at: '2026-11-20T00:00:01Z' }), /completed_at lies in the future/],
  [
    'a time without its offset',
    line({ captured_at: '2026-10-01T09:00:00' }),
    /captured_at must be a time with its offset/,
  ],
  ['a day that does not exist', line({ captured_at: '2026-02-30T09:00:00Z' }), /captured_at must be a time/],
  ['a time before 1970', line({ captured_at: '1969-12-31T23:59:59Z' }), /from 1970 on/],
  ['a time to the microsecond', line({ captured_at: '2026-10-01T09:00:00.123456Z' }), /to the millisecond at most/],
  ['a time for people', line({ completed_at: '1 Oct 2026, 10:00' }), /completed_at must be a time/],
  ['a session with a control character', line({ session: 'a\u0007b' }), /session must not have control characters/],
  ['a payer with a control character', line({ payer: 'a\u0085b' }), /payer must not have control characters/],
  [
    'a session that is too long',
    line({ session: 'x'.repeat(129) }),
    /session must have at most 128 characters, not 129/,
  ],
  ['a payee that is too long', line({ payee: '🎾'.repeat(129) }), /payee must have at most 128 characters, not 129/],
  ['a quote that is not closed', `"${line()}`, /a quote in the wrong place or one that is not closed/],
  ['a quote inside a field', line().replace('chen', 'ch"e"n'), /a quote in the wrong place/],
  ['a line break inside a field', line({ payer: 'Ann\nLee' }), /a quote in the wrong place/],
]

test.each(bad)('%s is told by its line, posts nothing and stops nobody else', async (what, row, reason) => {
  const good = [line({ session: 'good 1', payer: 'Ann "A" Lee' }), line({ session: 'good 2', satisfaction: '' })]
  const name = what.replaceAll(' ', '-')
  const input = folder.write(`${name}.csv`, `${header}\n${good[0]}\n${row}\n${good[1]}\n`)
  const db = folder.file(`${name}.db`)
  const { code, results } = await demo('--input', input, '--db', db)
  expect(code).toBe(2)
  expect(results).toMatch(new RegExp(`^  Line 3 refused: .*${reason.source}`, 'm'))
  expect(results).toMatch(/2 sessions taken .*, [12] refused\./)
  expect(results).toContain('nothing deviates')
  expect((await escrowsOf(db)).map(({ id }) => id)).toEqual(['good 1', 'good 2'])
})

test('a row whose fee is refused by the ledger posts nothing, its payment included', async () => {
  const huge = { session: 'huge fee', amount: '0.01', gateway_fee: '92233720368547758.07', gateway_fee_tax: '0' }
  const input = folder.write('huge-fee.csv', `${header}\n${line()}\n${line(huge)}\n${line({ session: 's3' })}\n`)
  const db = ['--db', folder.file('huge-fee.db')]
  const { code, results } = await demo('--input', input, ...db)
  expect(code).toBe(2)
  expect(results).toMatch(/^ {2}Line 3 refused: .*would pass 64 bits/m)
  expect(results).toContain('2 sessions taken (0 of them known already), 1 refused.')
  expect(results).toMatch(/Funded +2,000\.00/)
  expect(results).toMatch(/Still held +0\.00/)
  const before = dump(folder.file('huge-fee.db'))
  expect(await demo('--input', input, ...db)).toMatchObject({ code: 2 })
  expect(dump(folder.file('huge-fee.db'))).toEqual(before)
})

test('a row whose deal was cancelled before its payment was taken posts nothing', async () => {
  const input = folder.write('cancelled.csv', `${header}\n${line()}\n`)
  const filename = folder.file('cancelled.db')
  const ledger = createLedger({ storage: createSqliteStorage({ filename }) })
  await ledger.migrate()
  for await (const [session] of readSessions(input, { now: Date.UTC(2026, 10, 1) })) {
    if (session === undefined || 'reason' in session) throw new Error('The file has one good row.')
    await openDeal(ledger, session)
    await ledger.escrows.cancel({ id: session.id })
  }
  await ledger.close()
  const { code, results } = await demo('--input', input, '--db', filename)
  expect(code).toBe(2)
  expect(results).toContain('  Line 2 refused: session was cancelled')
  expect(results).toContain('Recomputed 0 entries')
})

const others: Partial<Record<string, string>>[] = [
  { payer: 'chan' },
  { payee: 'lena' },
  { amount: '1000.01' },
  { gateway_fee: '23.61' },
  { gateway_fee_tax: '3.61' },
  { captured_at: '2026-10-01T09:00:01Z' },
  { completed_at: '2026-10-01T10:00:01Z' },
  { satisfaction: '2.5' },
  { satisfaction: '' },
]

test.each(others)('the same session with other data is refused, before it posts anything: %o', async (difference) => {
  const name = JSON.stringify(difference).replaceAll(/\W/g, '-')
  const same = line({ amount: '1000', satisfaction: '2.0', captured_at: '2026-10-01T14:30:00+05:30' })
  const input = folder.write(`${name}.csv`, `${[header, line(), line(difference), same].join('\n')}\n`)
  const { code, results } = await demo('--input', input, '--db', folder.file(`${name}.db`))
  expect(code).toBe(2)
  expect(results).toContain('  Line 3 refused: session is known already, with other data')
  expect(results).toContain('2 sessions taken (1 of them known already), 1 refused.')
  expect(results).toMatch(/Funded +1,000\.00/)
  expect(results).toMatch(/Gateway fees +23\.60/)
  expect(results).toContain('nothing deviates')
})

test('a file without its columns, or without anything, is refused as a whole', async () => {
  const db = ['--db', folder.file('none.db')]
  const without = folder.write('without.csv', 'session,payer,payee\ns1,chen,priya\n')
  await expect(demo('--input', without, ...db)).rejects.toThrow(
    'each of these columns once: amount, currency, gateway_fee, gateway_fee_tax, captured_at, completed_at, satisfaction',
  )
  await expect(demo('--input', folder.write('empty.csv', '\n\n'), ...db)).rejects.toThrow('The file is empty')
  await expect(demo('--input', folder.file('absent.csv'), ...db)).rejects.toThrow('no such file')
  expect(existsSync(folder.file('none.db'))).toBe(false)
})

test('a file with nothing but its columns changes nothing', async () => {
  const { code, results } = await demo('--input', folder.write('bare.csv', header), '--db', folder.file('bare.db'))
  expect(code).toBe(0)
  expect(results).toContain('0 sessions taken')
})
