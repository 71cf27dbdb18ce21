import type { OracleCommandName, Scripted } from '@escrow-ledger/testkit'

const inr = (amount: string) => ({ amount, currency: 'INR' })

const say = (command: OracleCommandName, input: object): Scripted => ({ command, input: input as never })

const move = (debit: string, credit: string, amount: string) =>
  say('journal.post', {
    postings: [
      { account: debit, debit: inr(amount) },
      { account: credit, credit: inr(amount) },
    ],
  })

const openEscrow = say('escrows.open', {
  id: 's',
  payer: 'c1',
  parties: { coach: 'p1' },
  amount: inr('10.00'),
  terms: { shares: [{ party: 'coach', remainder: true }] },
})
const payment = { gateway: 'razorpay', reference: 'first' }
const fund = say('escrows.fund', { id: 's', amount: inr('10.00'), ...payment })

type Scripts = ReadonlyMap<string, readonly Scripted[]>

/** How things come into the states of a table of `docs/states.md`, and its commands under their plainest input. */
interface StateScripts {
  readonly states: Scripts
  readonly commands: Scripts
}

/** An instruction: how it is recorded, and what is done about it by its name. */
function instruction(id: unknown, recorded: readonly Scripted[]): Pick<StateScripts, 'commands' | 'states'> {
  const confirm = (reference: string) => say('instructions.confirm', { id, reference })
  const fail = say('instructions.fail', { id, reason: 'refused' })
  const cancel = say('instructions.cancel', { id })
  const reverse = say('instructions.reverse', { id, reason: 'returned' })
  const resend = say('instructions.resend', { id, gateway: 'manual' })
  const isPayout = typeof id === 'string'
  return {
    states: new Map([
      ['recorded', recorded],
      ['processed, as `utr-1`', [...recorded, confirm('utr-1')]],
      ['failed', [...recorded, fail]],
      ['cancelled', [...recorded, cancel]],
      ...(isPayout
        ? ([['reversed', [...recorded, confirm('utr-1'), reverse]]] as const)
        : ([
            ['failed, sent another way', [...recorded, fail, resend]],
            ['cancelled, sent another way', [...recorded, cancel, resend]],
          ] as const)),
    ]),
    commands: new Map([
      ['confirm as `utr-1`', [confirm('utr-1')]],
      ['confirm as `utr-2`', [confirm('utr-2')]],
      ['fail', [fail]],
      ['cancel', [cancel]],
      ['reverse', [reverse]],
      ['resend', [resend]],
    ]),
  }
}

const resolve = (how: object) => say('suspense.resolve', { id: payment, ...how })
const writeOff = { writeOff: { reason: 'lost' } }

const suspense: StateScripts = {
  states: new Map([
    ['nothing by that id', [openEscrow]],
    ['open', [fund, openEscrow]],
    ['resolved in part', [fund, openEscrow, resolve({ amount: inr('4.00'), ...writeOff })]],
    ['resolved', [fund, openEscrow, resolve({ refund: { payer: 'c1' } })]],
  ]),
  commands: new Map([
    ['allocate', [resolve({ allocate: { escrow: 's' } })]],
    ['refund', [resolve({ refund: { payer: 'c1' } })]],
    ['write off', [resolve(writeOff)]],
    ['all of the 10.00', [resolve({ amount: inr('10.00'), ...writeOff })]],
  ]),
}

const code = 'wallet:c1'
const openIn = (currency: string) => say('accounts.open', { code, currency, type: 'liability' })
const credit = move('bank:hdfc', code, '1.00')
const close = say('accounts.close', { code })
const freeze = (what: 'debits' | 'all') => say('accounts.freeze', { code, what })

const accounts: StateScripts = {
  states: new Map([
    ['not opened', []],
    ['open, empty', [openIn('INR')]],
    ['open, not empty', [openIn('INR'), credit]],
    ['frozen for debits, empty', [openIn('INR'), freeze('debits')]],
    ['frozen for everything, empty', [openIn('INR'), freeze('all')]],
    ['frozen for debits, not empty', [openIn('INR'), credit, freeze('debits')]],
    ['frozen for everything, not empty', [openIn('INR'), credit, freeze('all')]],
    ['closed', [openIn('INR'), close]],
  ]),
  commands: new Map([
    ['open', [openIn('INR')]],
    ['open in another currency', [openIn('USD')]],
    ['debit', [move(code, 'bank:hdfc', '1.00')]],
    ['credit', [credit]],
    ['freeze', [freeze('debits')]],
    ['unfreeze', [say('accounts.unfreeze', { code })]],
    ['close', [close]],
  ]),
}

const owe = move('bank:hdfc', 'payee:p1:payable', '10.00')
const request = say('payouts.request', { id: 'po', payee: 'p1', amount: inr('10.00'), gateway: 'razorpay' })

/** The tables of `docs/states.md` but that of escrows, by heading. */
export const otherStates: ReadonlyMap<string, StateScripts> = new Map([
  ['Payouts', instruction('payout:po', [owe, request])],
  ['Refunds', instruction({ escrow: 's', index: 0 }, [openEscrow, fund, say('escrows.refund', { id: 's' })])],
  ['Suspense', suspense],
  ['Accounts', accounts],
])
