import { createSqliteStorage } from '@escrow-ledger/sqlite'
import { createLedger, createWorker } from 'escrow-ledger'
import { afterAll, describe, expect, test } from 'vitest'
import { openLedger } from '../fixtures/open-ledger.js'
import { choosy } from './refused-call.js'

/** What a call throws at once; null where it throws nothing. */
function thrownBy(call: () => unknown): unknown {
  try {
    call()
    return null
  } catch (error) {
    return error
  }
}

const refused = (says: string) => ({ code: 'invalid_input', message: `The input is not valid: ${says}.` })

describe('createLedger', () => {
  const storage = createSqliteStorage({ filename: ':memory:' })
  afterAll(() => storage.close())
  const { send: _, ...unsending } = choosy

  test.each([
    ['gateways.razorpay.send must be a function, not undefined', { gateways: { razorpay: unsending } }],
    ['gateways.razorpay.ask must be a function, not "later"', { gateways: { razorpay: { ...choosy, ask: 'later' } } }],
    [
      'gateways.razorpay.operations must be an object, not undefined; gateways.razorpay.send must be a function, not undefined; gateways.razorpay.ask must be a function, not undefined',
      { gateways: { manual: choosy, razorpay: Promise.resolve(choosy) } },
    ],
    [
      'gateways.razorpay.payoutBatches.maximum must be at least 1, not the number 0; gateways.razorpay.payoutBatches.read must be a function, not undefined; gateways.razorpay.payoutBatches.partOf must be a function, not undefined',
      { gateways: { razorpay: { ...choosy, payoutBatches: { maximum: 0, send: choosy.send } } } },
    ],
    ['gateways.razorpay must be an object, not undefined', { gateways: { razorpay: undefined } }],
    [
      'gatewayLimits.razorpay.concurrency must be at least 1, not the number 0; gatewayLimits.razorpay.failures must be a whole number, not the number 1.5; gatewayLimits.razorpay.pauseMs must be at least 0, not the number -1',
      { gatewayLimits: { razorpay: { concurrency: 0, failures: 1.5, pauseMs: -1 } } },
    ],
    [
      'gatewayLimits.razorpay.pauseMs must be a number, not the number NaN',
      { gatewayLimits: { razorpay: { pauseMs: Number.NaN } } },
    ],
    ['gatewayLimits.razorpay must not have "pause": leave that out', { gatewayLimits: { razorpay: { pause: 1_000 } } }],
    [
      'limits.maxQueued must be at least 1, not the number -1; limits.maxBatch must be a number, not "5"; limits.targetMs must be a number, not the number NaN',
      { limits: { maxQueued: -1, maxBatch: '5', targetMs: Number.NaN } },
    ],
    [
      'limits.maxBatchSize must be at least 1, not the number 0; limits.targetMs must be at least 1, not the number 0; limits.recoveryTries must be at least 0, not the number -1',
      { limits: { maxBatchSize: 0, targetMs: 0, recoveryTries: -1 } },
    ],
    ['storage must be a storage, such as createSqliteStorage makes, not "ledger.db"', { storage: 'ledger.db' }],
  ])('says: %s', (says, options) => {
    expect(thrownBy(() => createLedger({ storage, ...(options as object) }))).toMatchObject(refused(says))
  })

  test('says what is missing where it is given nothing', () => {
    expect(thrownBy(() => createLedger(undefined as never))).toMatchObject(
      refused('it must be an object, not undefined'),
    )
    const missing = 'storage must be a storage, such as createSqliteStorage makes, not undefined'
    expect(thrownBy(() => createLedger({} as never))).toMatchObject(refused(missing))
  })

  test('takes an adapter that is a class, whose methods are not its own', () => {
    class Adapter {
      readonly operations = {}
      async send() {
        return { outcome: 'absent' } as const
      }
      async ask() {
        return { outcome: 'absent' } as const
      }
    }
    expect(thrownBy(() => createLedger({ storage, gateways: { razorpay: new Adapter() } }))).toBeNull()
  })
})

describe('createWorker', () => {
  test.each([
    ['ledger must be what createLedger made, not undefined', undefined],
    ['ledger must be what createLedger made, not an object', {}],
  ])('says: %s', (says, ledger) => {
    expect(thrownBy(() => createWorker(ledger as never))).toMatchObject(refused(says))
  })

  test.each([
    ['it must be an object, not null', null],
    ['books must have at least 1 in its list, not 0', { books: [] }],
    ['logger.info must be a function, not undefined', { logger: { error: () => {} } }],
    ['payouts.1.gateway must not be empty', { payouts: [{ gateway: 'razorpay' }, { gateway: '' }] }],
    ['payouts.0 must not have "every": leave that out', { payouts: [{ gateway: 'razorpay', every: 'day' }] }],
    ['everyMs.settle must be a number of milliseconds above zero, not the number 0', { everyMs: { settle: 0 } }],
    ['everyMs.inbox must be a number of milliseconds above zero, not "1s"', { everyMs: { inbox: '1s' } }],
    [
      'everyMs.dispatch must be a number of milliseconds above zero, not the number Infinity',
      { everyMs: { dispatch: Number.POSITIVE_INFINITY } },
    ],
    ['everyMs must not have "polling": leave that out', { everyMs: { polling: 1_000 } }],
  ])('says: %s', async (says, options) => {
    const { ledger } = await openLedger()
    expect(thrownBy(() => createWorker(ledger, options as never))).toMatchObject(refused(says))
  })
})
