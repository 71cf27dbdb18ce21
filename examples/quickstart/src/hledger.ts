import { type BookLedger, type EntryView, exponentOf, format, formatDay, type Money, zoneOf } from 'escrow-ledger'

/**
 * Writes a book's journal in the format of hledger (https://hledger.org/hledger.html#journal-format), entry by entry in
 * the order in which they were written, so that an independent program can add it up again:
 *
 *     commodity 1000.00 INR
 *
 *     2026-10-02 release  ; id:0199a3c2-8f1e-7000-8000-000000000003, kind:release, escrow:session-42
 *         escrow:session-42                                1000.00 INR
 *         platform:fees                                    -200.00 INR
 *         payee:priya:payable                              -800.00 INR
 *
 * Debits are positive. Dates are those on which entries take effect, in the book's own time zone.
 */
export async function* hledgerJournal(ledger: Pick<BookLedger, 'books' | 'journal'>): AsyncGenerator<string> {
  const { name, timeZone } = await ledger.books.get()
  const { dayOf } = zoneOf(timeZone)
  const declared = new Set<string>()

  yield `; Book ${escapeText(name)}; dates are effective dates in ${timeZone}. Debits are positive.\n`
  yield '; %XX in a name stands for a byte of UTF-8, as in a URL: decoding it gives back the exact name.\n\n'
  for await (const entry of ledger.journal.list()) {
    const fresh = new Set(
      entry.postings.map((posting) => amountOf(posting).currency).filter((each) => !declared.has(each)),
    )
    for (const currency of fresh) {
      declared.add(currency)
      yield `commodity ${sampleAmount(currency)}\n\n`
    }
    yield entryText(entry, formatDay(dayOf(entry.effectiveAt)))
  }
}

function entryText(entry: EntryView, date: string): string {
  const { id, kind, escrow, description, postings } = entry
  const tags = [`id:${id}`, `kind:${escapeTag(kind)}`, ...(escrow === null ? [] : [`escrow:${escapeTag(escrow)}`])]
  const lines = postings.map((posting) => {
    const amount = amountOf(posting)
    const number = `${posting.credit ? '-' : ''}${format(amount)}`
    return `    ${hledgerAccount(posting.account).padEnd(40)}  ${number.padStart(16)} ${commodity(amount.currency)}\n`
  })
  return `${date} ${escapeText(description || kind)}  ; ${tags.join(', ')}\n${lines.join('')}\n`
}

function amountOf({ debit, credit }: EntryView['postings'][number]): Money {
  const amount = debit ?? credit
  if (amount) return amount
  throw new Error('A posting is either a debit or a credit.')
}

/** Tells hledger how many decimals a currency has, and that its decimal mark is a point: `1000. JPY`, `1000.000 KWD`. */
function sampleAmount(currency: string): string {
  return `1000.${'0'.repeat(exponentOf(currency))} ${commodity(currency)}`
}

/** A currency as hledger reads it: in quotes where it has anything but letters, such as `POINTS_2`. */
function commodity(currency: string): string {
  return /^[A-Za-z]+$/.test(currency) ? currency : `"${currency}"`
}

/**
 * An account's code as hledger reads it. Two codes never become one name, and `accountCodeOf` reads the code back.
 *
 * In hledger two spaces end a name, `;` begins a comment, and brackets around a name make its posting a virtual one.
 */
export function hledgerAccount(code: string): string {
  return escapeText(code)
}

/** The code of an account from its name in an export. */
export function accountCodeOf(name: string): string {
  return decodeURIComponent(name)
}

/**
 * What would mean something else to hledger: the escape itself, `;` and `|`; white space, but for one space between
 * words; and marks where a text begins.
 */
const special = /[%;|]|[^\S ]|(?<![^\s:]) | (?![^\s:])|^[[(*!=~@#&]/g

function escapeText(text: string): string {
  return text.replace(special, percentEncode)
}

/** A tag's value ends at a comma. */
function escapeTag(value: string): string {
  return escapeText(value).replaceAll(',', '%2C')
}

function percentEncode(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
}
