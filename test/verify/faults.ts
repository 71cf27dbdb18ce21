import type { Deviation, DeviationCode } from 'escrow-ledger'
import type { Tampering } from '../fixtures/test-database.js'

/** Something wrong with a book that has been through every life, and what a verification says of it. */
export interface Fault {
  readonly code: DeviationCode
  readonly what: string
  readonly plant: (tampering: Tampering) => Promise<void>
  /** What the finding names. */
  readonly about: Partial<Deviation>
  /** What follows from the fault, and is found as well. */
  readonly also?: readonly DeviationCode[]
}

const inr = (code: string) => ({ code, currency: 'INR' })
const usd = (code: string) => ({ code, currency: 'USD' })
const account = (code: string) => `(SELECT account FROM ledger_accounts WHERE code = '${code}')`

export const entryFaults: readonly Fault[] = [
  {
    code: 'entry_unbalanced',
    what: 'a posting was raised by one unit',
    plant: async ({ run, entry }) =>
      run(
        'UPDATE ledger_postings SET amount = amount + 1 WHERE entry = ? AND line = 0',
        await entry(`kind = 'journal'`),
      ),
    about: {},
    also: ['account_totals_differ', 'running_balance_differs', 'totals_unbalanced'],
  },
  ...['{', '["a"]', '{"a":1}', 'null'].map(
    (metadata): Fault => ({
      code: 'entry_unreadable',
      what: `metadata became ${metadata}`,
      plant: async ({ run, entry, entryColumn }) =>
        run(
          `UPDATE ledger_entries SET metadata = ? WHERE ${entryColumn} = ?`,
          metadata,
          await entry(`kind = 'journal'`),
        ),
      about: { message: 'Its metadata cannot be read.' },
    }),
  ),
  {
    code: 'entry_postings_missing',
    what: 'the last postings of an entry were deleted',
    plant: async ({ run, entry }) =>
      run('DELETE FROM ledger_postings WHERE entry = ?', await entry(`instruction = 'payout:open'`)),
    about: {},
    also: ['account_totals_differ', 'instruction_amount_differs', 'version_gap'],
  },
  {
    code: 'entry_not_owned',
    what: 'a dispute became a plain entry',
    plant: ({ run }) => run(`UPDATE ledger_entries SET kind = 'journal' WHERE kind = 'dispute' AND escrow = 'frozen'`),
    about: { account: inr('escrow:frozen:frozen') },
    also: ['disputes_differ'],
  },
  {
    code: 'entry_not_owned',
    what: 'a dispute was given to another escrow',
    plant: ({ run }) => run(`UPDATE ledger_entries SET escrow = 'funded' WHERE kind = 'dispute' AND escrow = 'frozen'`),
    about: { account: inr('escrow:frozen') },
  },
  {
    code: 'reversal_mismatch',
    what: 'the record of a reversal was deleted',
    plant: ({ run }) =>
      run(`DELETE FROM ledger_reversals WHERE reversal = (SELECT max(reversal) FROM ledger_reversals)`),
    about: { actual: 'none' },
  },
  {
    code: 'reversal_mismatch',
    what: 'a reversal forgot what it reverses',
    plant: async ({ run, entry, entryColumn }) =>
      run(`UPDATE ledger_entries SET reverses = NULL WHERE ${entryColumn} = ?`, await entry(`kind = 'reversal'`)),
    about: { expected: 'none' },
  },
  {
    code: 'instruction_missing',
    what: 'an instruction was deleted',
    plant: ({ run }) => run(`DELETE FROM ledger_instructions WHERE id = 'payout:open'`),
    about: { instruction: 'payout:open' },
    also: ['in_transit_differs'],
  },
]

export const accountFaults: readonly Fault[] = [
  {
    code: 'totals_unbalanced',
    what: 'a posting came in under the entry of another book',
    plant: async ({ run, entry, entryColumn }) => {
      const elsewhere = await entry(`kind = 'journal'`)
      await run(`UPDATE ledger_entries SET book = book + 1 WHERE ${entryColumn} = ?`, elsewhere)
      await run(
        `INSERT INTO ledger_postings (book, entry, line, account, version, amount, balance)
          SELECT account.book, posting.entry, 2, account.account, account.version + 1, 500, account.debits_posted - account.credits_posted + 500
          FROM ledger_accounts AS account, ledger_postings AS posting
          WHERE account.code = 'wallet:chen' AND posting.entry = ? AND posting.line = 0`,
        elsewhere,
      )
      await run(`UPDATE ledger_accounts SET version = version + 1, debits_posted = debits_posted + 500
        WHERE code = 'wallet:chen'`)
    },
    about: { message: 'Over all postings in USD, debits exceed credits by 5.00 USD.' },
    also: ['day_totals_differ', 'posting_orphaned'],
  },
  {
    code: 'posting_orphaned',
    what: 'an entry was moved to another book',
    plant: async ({ run, entry, entryColumn }) =>
      run(`UPDATE ledger_entries SET book = book + 1 WHERE ${entryColumn} = ?`, await entry(`kind = 'journal'`)),
    about: { account: inr('platform:promotions') },
    also: ['day_totals_differ'],
  },
  {
    code: 'posting_orphaned',
    what: 'an entry was deleted, and its postings were not',
    plant: async ({ run, entry, entryColumn }) =>
      run(`DELETE FROM ledger_entries WHERE ${entryColumn} = ?`, await entry(`kind = 'journal'`)),
    about: { account: inr('platform:promotions') },
    also: ['day_totals_differ'],
  },
  {
    code: 'posting_unaccounted',
    what: 'an account lost its last version',
    plant: ({ run }) => run(`UPDATE ledger_accounts SET version = version - 1 WHERE code = 'wallet:chen'`),
    about: { account: usd('wallet:chen') },
    also: ['account_totals_differ', 'day_totals_differ'],
  },
  {
    code: 'version_gap',
    what: 'an account skipped a version',
    plant: ({ run }) => run(`UPDATE ledger_accounts SET version = version + 1 WHERE code = 'wallet:chen'`),
    about: { account: usd('wallet:chen'), expected: '5', actual: '6' },
  },
  {
    code: 'version_gap',
    what: 'a posting skipped a version',
    plant: ({ run }) =>
      run(`UPDATE ledger_postings SET version = 9 WHERE version = 5 AND account = ${account('wallet:chen')}`),
    about: { account: usd('wallet:chen') },
    also: ['account_totals_differ', 'day_totals_differ', 'posting_unaccounted'],
  },
  {
    code: 'running_balance_differs',
    what: 'a running balance was changed',
    plant: ({ run }) =>
      run(`UPDATE ledger_postings SET balance = balance + 1 WHERE version = 2 AND account = ${account('wallet:chen')}`),
    about: { account: usd('wallet:chen') },
  },
  {
    code: 'recorded_time_goes_back',
    what: 'an entry was recorded in the past',
    plant: async ({ run, entry, entryColumn }) =>
      run(
        `UPDATE ledger_entries SET recorded_at = 1 WHERE ${entryColumn} = ?`,
        await entry(`kind = 'refund' AND escrow = 'refunded'`),
      ),
    about: { account: inr('escrow:refunded') },
  },
  {
    code: 'account_totals_differ',
    what: 'both totals of an account were raised',
    plant: ({ run }) =>
      run(`UPDATE ledger_accounts SET debits_posted = debits_posted + 5, credits_posted = credits_posted + 5
        WHERE code = 'platform:losses'`),
    about: { account: inr('platform:losses') },
  },
  {
    code: 'account_times_differ',
    what: 'the recorded time of an account was changed',
    plant: ({ run }) => run(`UPDATE ledger_accounts SET recorded_at = recorded_at + 1 WHERE code = 'platform:losses'`),
    about: { account: inr('platform:losses') },
  },
  {
    code: 'account_times_differ',
    what: 'the latest effective time of an account was changed',
    plant: ({ run }) =>
      run(`UPDATE ledger_accounts SET latest_effective_at = latest_effective_at + 1 WHERE code = 'platform:losses'`),
    about: { account: inr('platform:losses') },
  },
  {
    code: 'account_times_differ',
    what: 'the latest day of an account was changed',
    plant: ({ run }) => run(`UPDATE ledger_accounts SET day = day + 1 WHERE code = 'platform:losses'`),
    about: { account: inr('platform:losses') },
  },
  {
    code: 'day_totals_differ',
    what: 'totals as of a day were changed',
    plant: ({ run }) =>
      run(`UPDATE ledger_day_totals SET credits = credits + 1
        WHERE account = ${account('wallet:chen')} AND day = (SELECT min(day) FROM ledger_day_totals
          WHERE account = ${account('wallet:chen')})`),
    about: { account: usd('wallet:chen') },
  },
  {
    code: 'day_totals_differ',
    what: 'totals as of a day were deleted',
    plant: ({ run }) => run(`DELETE FROM ledger_day_totals WHERE account = ${account('wallet:chen')}`),
    about: { account: usd('wallet:chen') },
  },
  {
    code: 'day_totals_differ',
    what: 'totals as of a day without postings were added',
    plant: ({ run }) =>
      run(`INSERT INTO ledger_day_totals (book, account, day, debits, credits)
        SELECT book, account, 7, 0, 0 FROM ledger_accounts WHERE code = 'wallet:chen'`),
    about: { account: usd('wallet:chen') },
  },
  {
    code: 'effective_order_differs',
    what: 'late postings count as in order',
    plant: ({ run }) => run('UPDATE ledger_postings SET late_at = NULL, high_at = NULL WHERE late_at IS NOT NULL'),
    about: { actual: 'in order' },
  },
  {
    code: 'effective_order_differs',
    what: 'a posting counts as late that is not',
    plant: ({ run }) =>
      run(
        `UPDATE ledger_postings SET late_at = 1, high_at = 2 WHERE version = 1 AND account = ${account('wallet:chen')}`,
      ),
    about: { account: usd('wallet:chen'), expected: 'in order' },
  },
  {
    code: 'limit_broken',
    what: 'a floor was put above the balance',
    plant: ({ run }) => run(`UPDATE ledger_accounts SET floor = 2600 WHERE code = 'wallet:chen'`),
    about: { account: usd('wallet:chen') },
  },
  {
    code: 'limit_broken',
    what: 'a ceiling was put below the balance',
    plant: ({ run }) => run(`UPDATE ledger_accounts SET ceiling = 2400 WHERE code = 'wallet:chen'`),
    about: { account: usd('wallet:chen') },
  },
  {
    code: 'pending_not_zero',
    what: 'something is pending',
    plant: ({ run }) => run(`UPDATE ledger_accounts SET credits_pending = 1 WHERE code = 'bank:hdfc'`),
    about: { account: usd('bank:hdfc') },
  },
  {
    code: 'account_closed_not_empty',
    what: 'an account was closed that holds something',
    plant: async ({ run }) => {
      await run(`UPDATE ledger_accounts SET closed = true, frozen = NULL WHERE code = 'wallet:chen'`)
      await run(`UPDATE ledger_restrictions SET closed = true, frozen = NULL WHERE code = 'wallet:chen'`)
    },
    about: { account: usd('wallet:chen') },
  },
  {
    code: 'chart_mismatch',
    what: 'an account of the chart became of another type',
    plant: ({ run }) => run(`UPDATE ledger_accounts SET type = 'expense' WHERE code = 'gateway:razorpay:fee-tax'`),
    about: { account: inr('gateway:razorpay:fee-tax'), expected: 'asset', actual: 'expense' },
  },
  {
    code: 'chart_mismatch',
    what: 'an account of the chart lost its floor',
    plant: ({ run }) => run(`UPDATE ledger_accounts SET floor = NULL WHERE code = 'payee:priya:payable'`),
    about: { account: inr('payee:priya:payable') },
  },
  {
    code: 'restriction_differs',
    what: 'an account was frozen behind the back of its code',
    plant: ({ run }) => run(`UPDATE ledger_accounts SET frozen = 'all' WHERE code = 'platform:losses'`),
    about: { account: inr('platform:losses'), expected: 'open', actual: 'frozen for postings' },
  },
  {
    code: 'restriction_differs',
    what: 'an account is open though its code is frozen',
    plant: ({ run }) => run(`UPDATE ledger_accounts SET frozen = NULL WHERE code = 'wallet:chen'`),
    about: { account: usd('wallet:chen'), expected: 'frozen for debits', actual: 'open' },
  },
  {
    code: 'in_transit_differs',
    what: 'an instruction that failed is still open',
    plant: ({ run }) => run(`UPDATE ledger_instructions SET state = 'accepted' WHERE id = 'payout:failed'`),
    about: { account: inr('payouts:in-transit:razorpay') },
    also: ['instruction_state_differs'],
  },
  {
    code: 'suspense_differs',
    what: 'an item of suspense was lessened',
    plant: ({ run }) => run(`UPDATE ledger_suspense SET remaining_minor = 1100 WHERE id = 'payment:paypal:stray'`),
    about: { account: usd('suspense:paypal') },
    also: ['payment_suspense_differs'],
  },
  {
    code: 'refunds_unexplained',
    what: 'a refund that failed counts as sent another way',
    plant: ({ run }) =>
      run(`UPDATE ledger_instructions SET replaced_by = 'another' WHERE kind = 'refund' AND state = 'cancelled'`),
    about: { account: inr('payer:chen:refunds') },
  },
  {
    code: 'refunds_unexplained',
    what: 'a refund that was sent another way is owed again',
    plant: async ({ run }) => {
      await run(`UPDATE ledger_instructions SET party = 'priya' WHERE kind = 'refund' AND state = 'failed'
        AND replaced_by IS NOT NULL`)
      await run(`UPDATE ledger_instructions SET replaced_by = NULL WHERE party = 'priya' AND kind = 'refund'`)
    },
    about: {},
    also: ['instruction_amount_differs', 'instruction_links_differ'],
  },
]
