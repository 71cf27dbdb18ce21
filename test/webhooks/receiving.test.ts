import { describe, expect, test } from 'vitest'
import { all } from '../fixtures/balances.js'
import { codeOf } from '../fixtures/outcomes.js'
import { scriptedGateway } from '../fixtures/scripted-gateway.js'
import { delivery, scriptedWebhooks } from '../fixtures/scripted-webhooks.js'
import { storages } from '../fixtures/storages.js'

describe.each(storages)('on $name', ({ openLedger }) => {
  const open = () => {
    const { gateway } = scriptedGateway({}, { webhooks: scriptedWebhooks })
    return openLedger({ gateways: { razorpay: gateway, deaf: scriptedGateway().gateway } })
  }
  const subjects = [{ kind: 'payment', reference: 'pay_1', key: null }] as const

  describe('a delivery', () => {
    test('is kept once, however often it comes and by whichever of its keys', async () => {
      const { ledger } = await open()
      const event = { key: 'a', otherKeys: ['b'], type: 'payment.captured', subjects }
      const first = await ledger.webhooks.receive(delivery(event))
      expect(first).toEqual({ webhook: 'razorpay:a', state: 'received', duplicate: false })
      const again = { webhook: 'razorpay:a', state: 'received', duplicate: true }
      expect(await ledger.webhooks.receive(delivery(event))).toEqual(again)
      expect(await ledger.webhooks.receive(delivery({ ...event, key: 'c', otherKeys: ['b'] }))).toEqual(again)
      expect(await all(ledger.webhooks.list())).toMatchObject([{ id: 'razorpay:a', type: 'payment.captured' }])
      expect(await ledger.webhooks.get('razorpay:a')).toMatchObject({ body: JSON.stringify(event) })
    })

    test('that names one key twice is kept under it', async () => {
      const { ledger } = await open()
      const event = { key: 'a', otherKeys: ['b', 'a', 'b'], subjects }
      expect(await ledger.webhooks.receive(delivery(event))).toMatchObject({ state: 'received', duplicate: false })
      expect(await ledger.webhooks.get('razorpay:a')).toMatchObject({ state: 'received', body: JSON.stringify(event) })
      expect(await all(ledger.webhooks.list())).toHaveLength(1)
      expect((await ledger.webhooks.apply()).looked).toBe(1)
    })

    test('racing with itself is kept once', async () => {
      const { ledger } = await open()
      const event = { key: 'a', otherKeys: ['b'], subjects }
      const answers = await Promise.all(Array.from({ length: 32 }, () => ledger.webhooks.receive(delivery(event))))
      expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1)
    })

    test('about nothing that the ledger keeps is ignored, and listed as such', async () => {
      const { ledger } = await open()
      await ledger.webhooks.receive(delivery({ key: 'a', subjects: [] }))
      expect(await all(ledger.webhooks.list({ state: 'ignored' }))).toMatchObject([{ id: 'razorpay:a', nextAt: null }])
      expect(await ledger.webhooks.apply()).toEqual({ looked: 0, byState: {}, failures: [] })
    })

    test.each([
      ['not_authentic', { ...delivery({ key: 'a', subjects }), headers: {} }],
      ['gateway_not_found', delivery({ key: 'a', subjects }, 'nobody')],
      ['operation_unsupported', delivery({ key: 'a', subjects }, 'deaf')],
      ['invalid_input', { ...delivery({ key: 'a', subjects }), rawBody: 'text' as never }],
    ])('that is refused with %s leaves nothing behind', async (code, refused) => {
      const { ledger } = await open()
      expect(await codeOf(ledger.webhooks.receive(refused))).toBe(code)
      expect(await all(ledger.webhooks.list())).toEqual([])
    })

    test('whose body is no text is kept by its bytes', async () => {
      const webhooks = { ...scriptedWebhooks, subjectsOf: () => [] }
      const verify = async () => ({
        gateway: 'razorpay',
        type: null,
        dedupeKeys: ['x'] as const,
        occurredAt: null,
        body: null,
      })
      const { gateway } = scriptedGateway({}, { webhooks: { ...webhooks, verify } })
      const { ledger } = await openLedger({ gateways: { razorpay: gateway } })
      await ledger.webhooks.receive({ gateway: 'razorpay', headers: {}, rawBody: Uint8Array.of(0xff, 0x00, 0x41) })
      expect(await ledger.webhooks.get('razorpay:x')).toMatchObject({ body: 'hex:ff0041' })
    })
  })

  test('a webhook that is not there is not found', async () => {
    const { ledger } = await open()
    expect(await codeOf(ledger.webhooks.get('razorpay:a'))).toBe('webhook_not_found')
    expect(await codeOf(ledger.webhooks.replay({ id: 'razorpay:a' }))).toBe('webhook_not_found')
  })
})
