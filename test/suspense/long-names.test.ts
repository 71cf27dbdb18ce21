import { expect, test } from 'vitest'
import { all, expectClean } from '../fixtures/balances.js'
import { inr } from '../fixtures/deals.js'
import { openLedger } from '../fixtures/open-ledger.js'

test.each([':', '%', '\u{1F600}'])(
  'what is in suspense of a payment that is all "%s" can be resolved',
  async (character) => {
    const { ledger } = await openLedger()
    const payment = { gateway: character.repeat(64), reference: character.repeat(128) }
    await ledger.escrows.fund({ id: 'nobody', amount: inr('100.00'), ...payment })
    const [item] = await all(ledger.suspense.list())
    const id = item?.id ?? ''
    await ledger.suspense.resolve({ id, amount: inr('40.00'), refund: { payer: 'chen' } })
    await ledger.suspense.resolve({ id, writeOff: { reason: 'nobody claims it' } })
    expect(await all(ledger.suspense.list())).toEqual([])
    await expectClean(ledger)
  },
)
