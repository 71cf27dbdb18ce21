import { describe, expect, test } from 'vitest'
import { openGateway, payeeDetails } from './open-gateway.js'

const settlements = { account_number: '1234567890', ifsc_code: 'HDFC0000317', beneficiary_name: 'Priya' }
const stakeholder = { kyc: { pan: 'AVOPB1111K' } }
const hour = 3_600_000

describe('a payee', () => {
  test('is taken up, says what is missing, and becomes active', async () => {
    const { gateway, context, clock, requests } = await openGateway()
    const taken = await gateway.payees.onboard(payeeDetails('p1'), context)
    expect(taken).toEqual({
      ...{ reference: expect.stringMatching(/^acc_/), state: 'needs_details', actionUrl: null },
      missing: [
        ...[
          'settlements.beneficiary_name',
          'settlements.account_number',
          'settlements.ifsc_code',
          'name',
          'kyc.pan',
        ].map((field) => `${field}: field_missing`),
      ],
    })
    expect(await gateway.payees.fetch(taken.reference, context)).toEqual(taken)
    expect(JSON.parse(requests('createAccount')[0]?.body ?? '')).toMatchObject({
      ...{ type: 'route', legal_business_name: 'Priya Coaching', notes: { payee: 'p1' } },
    })

    const { account } = payeeDetails('p2').details
    const complete = { ...payeeDetails('p2'), details: { account, stakeholder, settlements } }
    const second = await gateway.payees.onboard(complete, context)
    expect(second).toMatchObject({ state: 'under_review', missing: [] })
    await clock.advance(hour)
    expect(await gateway.payees.fetch(second.reference, context)).toMatchObject({ state: 'active', missing: [] })
  })

  test('that Razorpay asks about needs details, and one that it rejects or suspends is refused', async () => {
    const { gateway, context, razorpay, linkedAccount } = await openGateway()
    const [asked, rejected, suspended] = [
      await linkedAccount('p1'),
      await linkedAccount('p2'),
      await linkedAccount('p3'),
    ]
    razorpay.askAccount(asked, 'legal_info.pan')
    razorpay.rejectAccount(rejected)
    razorpay.suspendAccount(suspended)
    expect(await gateway.payees.fetch(asked, context)).toMatchObject({
      ...{ state: 'needs_details', missing: expect.arrayContaining(['legal_info.pan: needs_clarification']) },
    })
    expect(await gateway.payees.fetch(rejected, context)).toMatchObject({ state: 'refused' })
    expect(await gateway.payees.fetch(suspended, context)).toMatchObject({ state: 'refused' })
  })

  test('that is not there is null', async () => {
    const { gateway, context } = await openGateway()
    expect(await gateway.payees.fetch('acc_00000000000000', context)).toBeNull()
    await expect(gateway.payees.fetch('acc_../../x', context)).rejects.toThrow('is not the id')
  })

  test('whose details are wrong is told so in the words of Razorpay', async () => {
    const { gateway, context } = await openGateway()
    const wrong = { ...payeeDetails('p1'), email: 'nobody' }
    await expect(gateway.payees.onboard(wrong, context)).rejects.toMatchObject({
      ...{ name: 'RazorpayError', status: 400, code: 'BAD_REQUEST_ERROR', field: 'email' },
      body: expect.stringContaining('valid email'),
    })
  })
})
