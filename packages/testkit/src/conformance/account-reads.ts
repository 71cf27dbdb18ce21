import { type Account, type AccountPage, type AccountRef, compareText, type Storage } from 'escrow-ledger'
import { pagesGive } from './assertions.js'
import { BOOK, type Cases } from './case.js'
import { oddTexts } from './odd-texts.js'
import { accountOf, opening, written } from './plain-journal.js'

const types = ['asset', 'liability', 'equity', 'income', 'expense'] as const

/** Codes that start and end alike, and that patterns of SQL could take for one another. */
const codes = [
  ...oddTexts,
  ...['1', '2', '%', '_', '\u{1f600}', '\uff5e'].flatMap((id) => [`payee:${id}:payable`, `payee:${id}:reserve`]),
  'payee:',
  'payee',
  'payeeX1:payable',
  'PAYEE:1:PAYABLE',
  'payable',
  ':payable',
  'pay\ud7ff',
  'pay\ud7ffs',
  'pay\ue000',
  'pay\u{10ffff}',
  'pay\u{10ffff}s',
]

const accounts: readonly Account[] = codes
  .flatMap((code, index) =>
    ['EUR', 'JPY', 'USD']
      .filter((_, place) => (index + place) % 3 !== 0)
      .map((currency, place) =>
        accountOf({ code, currency, type: types[(index + place) % types.length] as Account['type'] }),
      ),
  )
  .sort((left, right) => compareText(left.code, right.code) || compareText(left.currency, right.currency))

async function pageGives(
  storage: Storage,
  filter: Omit<AccountPage, 'after' | 'limit'>,
  passes: (account: Account) => boolean,
): Promise<void> {
  await pagesGive(accounts.filter(passes), {
    fetch: (after: AccountRef | null, limit) => storage.reads.accounts(BOOK, { after, limit, ...filter }),
    cursorOf: ({ code, currency }) => ({ code, currency }),
  })
}

const prefixes = [
  '',
  'payee:',
  'payee:_',
  'payee:%',
  'pay',
  'pay\ud7ff',
  'pay\u{10ffff}',
  '\u{10ffff}',
  '\uff5e',
  'C',
  'zzz',
  "'",
]
const suffixes = ['', ':payable', 'payable', '_:payable', '%:payable', ':PAYABLE', '\u{1f600}', 'e', '\\', 'zzz', '"']

export const accountReads: Cases = {
  'pages accounts by code and currency': async ({ storage }) => {
    await written(storage, BOOK, { accounts: opening(accounts) })
    await pageGives(storage, {}, () => true)
  },

  'filters accounts by how their code starts and ends': async ({ storage }) => {
    await written(storage, BOOK, { accounts: opening(accounts) })
    for (const prefix of prefixes) await pageGives(storage, { prefix }, ({ code }) => code.startsWith(prefix))
    for (const suffix of suffixes) await pageGives(storage, { suffix }, ({ code }) => code.endsWith(suffix))
    const both = { prefix: 'payee:', suffix: ':payable' }
    await pageGives(storage, both, ({ code }) => code.startsWith('payee:') && code.endsWith(':payable'))
  },

  'filters accounts by currency and type': async ({ storage }) => {
    await written(storage, BOOK, { accounts: opening(accounts) })
    for (const wanted of ['USD', 'usd', 'INR']) {
      await pageGives(storage, { currency: wanted }, ({ currency }) => currency === wanted)
    }
    for (const wanted of types) await pageGives(storage, { type: wanted }, ({ type }) => type === wanted)
    const all = { prefix: 'payee', suffix: 'e', currency: 'EUR', type: 'liability' }
    await pageGives(storage, all, ({ code, currency, type }) => {
      return code.startsWith('payee') && code.endsWith('e') && currency === 'EUR' && type === 'liability'
    })
  },
}
