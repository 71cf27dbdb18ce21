import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demo, demoFolder, header, line } from './demo-run.js'

const folder = demoFolder()
afterAll(folder.remove)
const asOf = ['--as-of', '2026-10-05T00:00:00Z']

/** Out of order; a row twice; one that the gateway does not take, one in a currency of the other, one that is known otherwise. */
function sessions({ currency, other }: { currency: string; other: string }): string {
  const on = (day: number) => ({
    ...{ currency, captured_at: `2026-10-0${day}T09:00:00.250Z`, completed_at: `2026-10-0${day}T10:00:00Z` },
    ...{ gateway_fee: '1.00', gateway_fee_tax: '0.50' },
  })
  const first = line({ ...on(1), session: 'first' })
  const rows = [
    line({ ...on(3), session: 'last', payee: 'lena 🎾', satisfaction: '5' }),
    first,
    line({ ...on(2), session: 'next', payer: '山田 花子', satisfaction: '' }),
    line({ ...on(2), session: 'small', amount: '0.01', gateway_fee: '0', gateway_fee_tax: '0' }),
    line({ ...on(2), session: 'tiny', amount: '2.00' }),
    line({ ...on(2), session: 'elsewhere', currency: other }),
    first,
    line({ ...on(3), session: 'last', amount: '7.00' }),
  ]
  return `${[header, ...rows].join('\n')}\n`
}

/** The lines of a section of the report, as they stand. */
function section(results: string, title: string): string {
  const [, after = ''] = results.split(`\n${title}\n\n`)
  const [text = ''] = after.split(/\n\n(?=\S)/)
  return text
}

const expected = {
  razorpay: {
    currencies: { currency: 'INR', other: 'USD' },
    left: [
      'Line 5 not paid: razorpay makes no order below 1.00 INR, and this is 0.01 INR.',
      'Line 9 refused: session is known already, with other data',
      'Not arrived: refund of 0.40 INR to chen, waiting: below the minimum of razorpay',
      '1 session in USD left out',
    ],
    // 2 % and 18 % on it of each payment, 5.90 of each of three payouts.
    money: ['Gateway fees     88.55', 'Refunded        200.00', 'Paid out      2,201.20', 'Still held        0.00'],
    says: `\
  At razorpay  Account in the books               There      Here  Difference
  Balance      gateway:razorpay:clearing  INR  2,731.15  2,731.15        0.00
  RazorpayX    gateway:razorpay:payouts   INR     20.10     20.10        0.00
  Fees taken   gateway:razorpay:fees      INR     75.04     75.04        0.00
  Tax on fees  gateway:razorpay:fee-tax   INR     13.51     13.51        0.00
`,
    story: `\
  2026-10-01 09:00:01  fee, by gateway:razorpay
                         fee
                           gateway:razorpay:fees           20.00
                           gateway:razorpay:fee-tax         3.60
                           gateway:razorpay:clearing                 23.60
  2026-10-01 10:00:00  complete, by quickstart
  2026-10-02 10:00:00  settle, by worker`,
    arrived: '2026-10-03 01:01:00  refund-processed, by inbox',
  },
  paypal: {
    currencies: { currency: 'EUR', other: 'INR' },
    left: [
      'Line 5 not paid: INVALID_PLATFORM_FEES_AMOUNT',
      'Line 9 refused: session is known already, with other data',
      '1 session in INR left out',
    ],
    // 3.49 % and 0.39 of each payment, 2 % of each payout.
    money: ['Gateway fees    150.35', 'Refunded        200.40', 'Paid out      2,201.20', 'Still held        0.00'],
    says: `\
  At paypal   Account in the books           There    Here  Difference
  Balance     gateway:paypal:clearing  EUR  450.05  450.05        0.00
  Fees taken  gateway:paypal:fees      EUR  150.35  150.35        0.00
`,
    story: `\
  2026-10-01 09:00:01  fee, by gateway:paypal
                         fee
                           gateway:paypal:fees           35.29
                           gateway:paypal:clearing                 35.29
  2026-10-01 10:00:00  complete, by quickstart
  2026-10-02 10:00:00  settle, by worker`,
    arrived: '2026-10-03 00:00:00  refund-processed, by worker',
  },
} as const

describe.each(['razorpay', 'paypal'] as const)('through %s, sessions', (gateway) => {
  const { currencies, left, money, says, story, arrived } = expected[gateway]
  const db = folder.file(`${gateway}.db`)
  const input = folder.write(`${gateway}.csv`, sessions(currencies))
  let run: Awaited<ReturnType<typeof demo>>
  beforeAll(async () => {
    run = await demo('--gateway', gateway, '--input', input, '--db', db, ...asOf)
  })

  test('are taken, but for those that the ledger or the gateway does not take, which are told', () => {
    expect(run.code).toBe(2)
    for (const text of left) expect(run.results).toContain(`\n  ${text}`)
    expect(run.results).toContain('5 sessions taken (1 of them known already), 1 refused, 1 not paid.')
  })

  test('are paid, settled, refunded and paid out, and nothing deviates', () => {
    for (const text of money) expect(section(run.results, 'What became of the money')).toContain(text)
    expect(section(run.results, 'Check of the books')).toContain('nothing deviates')
  })

  test('happen each at its time, by the clock of the sandbox', () => {
    expect(section(run.results, 'The story of first')).toContain(story)
    expect(section(run.results, 'The story of first')).toContain(arrived)
  })

  test('leave the gateway with what the books say', () => {
    expect(section(run.results, 'What the gateway says')).toBe(says)
  })

  test('are not run a second time on the same books', async () => {
    const again = demo('--gateway', gateway, '--input', input, '--db', db, ...asOf)
    await expect(again).rejects.toThrow('--db must name a new file with --gateway')
  })
})

test('what falls due after the time that is asked for stays held', async () => {
  const text = line({ captured_at: '2026-10-01T09:00:00Z', completed_at: '2026-10-01T10:00:00Z', payer: 'a' })
  const input = folder.write('held.csv', `${header}\n${text}\n`)
  const { code, results } = await demo('--gateway', 'razorpay', '--input', input, '--as-of', '2026-10-02T09:59:59Z')
  expect(code).toBe(0)
  expect(section(results, 'What became of the money')).toMatch(/Still held +1,000\.00/)
})

test('a file without sessions for the gateway is no error', async () => {
  const input = folder.write('none.csv', `${header}\n${line()}\n`)
  const db = folder.file('none.db')
  const { code, results } = await demo('--gateway', 'paypal', '--input', input, '--db', db)
  expect({ code, exists: existsSync(db) }).toEqual({ code: 0, exists: true })
  expect(results).toContain('1 session in INR left out')
})
