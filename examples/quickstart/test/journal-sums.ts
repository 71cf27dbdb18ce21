/** What an export says, read by a program that knows nothing of the ledger. */
interface ExportedEntry {
  readonly date: string
  readonly description: string
  readonly comment: string
  /** By commodity: whether it adds up to zero. */
  readonly balanced: boolean
}

interface Exported {
  readonly entries: readonly ExportedEntry[]
  /** Minor units by `commodity account`; debits are positive. Accounts with zero are left out. */
  readonly balances: ReadonlyMap<string, bigint>
}

/**
 * Adds up a journal in hledger's format: dated lines begin an entry, indented ones are its postings, in which two spaces
 * end the account's name. Every other line must be empty, a comment or a commodity's declaration.
 */
export function sumJournal(text: string): Exported {
  const decimals = new Map<string, number>()
  const balances = new Map<string, bigint>()
  const entries: { date: string; description: string; comment: string; sums: Map<string, bigint> }[] = []

  for (const row of text.split('\n')) {
    const head = /^(\d{4}-\d{2}-\d{2}) (.+?) {2}; (.*)$/.exec(row)
    const posting = /^ {4}(\S(?:.*?\S)?) {2,}(-?\d+(?:\.\d+)?) (?:([A-Z]+)|"([A-Z0-9_]+)")$/.exec(row)
    const declaration = /^commodity 1000\.(0*) (?:([A-Z]+)|"([A-Z0-9_]+)")$/.exec(row)
    if (head) {
      entries.push({ date: head[1] ?? '', description: head[2] ?? '', comment: head[3] ?? '', sums: new Map() })
    } else if (posting) {
      const [, account = '', number = '', bare, quoted] = posting
      const commodity = bare ?? quoted ?? ''
      const amount = minorUnits(number, decimals.get(commodity))
      const sums = entries.at(-1)?.sums ?? new Map<string, bigint>()
      sums.set(commodity, (sums.get(commodity) ?? 0n) + amount)
      const key = `${commodity} ${account}`
      balances.set(key, (balances.get(key) ?? 0n) + amount)
    } else if (declaration) {
      decimals.set(declaration[2] ?? declaration[3] ?? '', declaration[1]?.length ?? 0)
    } else if (row !== '' && !row.startsWith(';')) {
      throw new Error(`This line cannot be read: ${row}`)
    }
  }
  return {
    entries: entries.map(({ sums, ...entry }) => ({
      ...entry,
      balanced: [...sums.values()].every((sum) => sum === 0n),
    })),
    balances: new Map([...balances].filter(([, amount]) => amount !== 0n)),
  }
}

function minorUnits(number: string, decimals: number | undefined): bigint {
  const [whole = '', fraction = ''] = number.split('.')
  if (decimals === undefined || fraction.length !== decimals)
    throw new Error(`${number} has other decimals than declared.`)
  return BigInt(whole + fraction)
}
