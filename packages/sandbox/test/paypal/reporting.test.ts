import { describe, expect, test } from 'vitest'
import { createCaller } from './caller.js'
import { DAY, HOUR, openSandbox, payFor, usd } from './open-sandbox.js'

interface Row {
  readonly transaction_info: {
    readonly transaction_id: string
    readonly transaction_event_code: string
    readonly transaction_amount: { readonly value: string }
    readonly fee_amount?: { readonly value: string }
    readonly ending_balance?: { readonly value: string }
  }
}

const at = (hours: number) => new Date(Date.UTC(2026, 10, 2) + hours * HOUR).toISOString()
const search = (call: ReturnType<typeof createCaller>, from: number, to: number, more = '') =>
  call('GET', `/v1/reporting/transactions?start_date=${at(from)}&end_date=${at(to)}${more}`)

describe('the search for transactions', () => {
  test('finds what happened, three hours late, with balances that add up', async () => {
    const open = await openSandbox({ openingBalances: { USD: 50_000n } })
    await open.sandbox.clock.advance(HOUR)
    const { capture } = await payFor(open, '100.00', { unit: { invoice_id: 'i-1', custom_id: 'deal-1' } })
    const refund = await open.call('POST', `/v2/payments/captures/${capture.id}/refund`, { amount: usd('30.00') })
    await open.sandbox.clock.advance(3 * HOUR - 1)
    expect((await search(open.call, 0, 24)).body).toMatchObject({ total_items: 1, end_date: '2026-11-02T00:59:59Z' })
    await open.sandbox.clock.advance(1)
    const { body } = await search(open.call, 0, 24)
    const rows = body.transaction_details.map(({ transaction_info: info }: Row) => [
      info.transaction_event_code,
      info.transaction_amount.value,
      info.fee_amount?.value,
      info.ending_balance?.value,
    ])
    expect(rows).toEqual([
      ['T0300', '500.00', undefined, '500.00'],
      ['T0006', '100.00', '-3.98', '596.02'],
      ['T1107', '-30.00', undefined, '566.02'],
    ])
    const filtered = await search(open.call, 0, 24, `&transaction_id=${refund.body.id}`)
    expect(filtered.body.transaction_details).toHaveLength(1)
    expect(filtered.body.transaction_details[0].transaction_info).not.toHaveProperty('ending_balance')
    const balances = await open.call('GET', '/v1/reporting/balances')
    expect(balances.body.balances).toEqual([{ currency: 'USD', primary: true, total_balance: usd('566.02') }])
  })

  test('takes windows of 31 days', async () => {
    const { sandbox, call } = await openSandbox()
    expect((await search(call, 0, 31 * 24)).status).toBe(200)
    expect((await search(call, 0, 31 * 24 + 1)).body.details[0].issue).toBe('Date range is greater than 31 days')
    expect((await call('GET', '/v1/reporting/transactions')).body.details[0].issue).toBe('MISSING_REQUIRED_PARAMETER')
    sandbox.log.clear()
  })

  test('answers in pages, and not more than 10,000 rows in all', async () => {
    const { sandbox, paypal, call } = await openSandbox({ reportingDelayMs: 0 })
    for (let count = 0; count < 10_000; count++) paypal.topUp({ currency: 'USD', amountMinor: 1n })
    const ids = new Set<string>()
    for (let page = 1; page <= 20; page++) {
      const { body } = await search(call, 0, 24, `&page_size=500&page=${page}`)
      expect(body).toMatchObject({ total_items: 10_000, total_pages: 20 })
      for (const { transaction_info: info } of body.transaction_details as Row[]) ids.add(info.transaction_id)
    }
    expect(ids.size).toBe(10_000)
    paypal.topUp({ currency: 'USD', amountMinor: 1n })
    expect((await search(call, 0, 24)).body.name).toBe('RESULTSET_TOO_LARGE')
    await sandbox.clock.advance(DAY)
    expect((await search(createCaller(sandbox), 1, 24)).body.total_items).toBe(0)
  })
})
