import {
  compareText,
  type FieldValue,
  invariant,
  type RecordQuery,
  type RecordSum,
  type Versioned,
} from 'escrow-ledger'

/** Records by key. */
type RecordMap = ReadonlyMap<string, Versioned>
type Conditions = Pick<RecordQuery, 'where' | 'atMost'>

/** A page of records: those that match, by the values of the order's fields and then the key. Nulls come first. */
export function recordsOf(records: RecordMap, query: RecordQuery): readonly Versioned[] {
  const { order, after, limit } = query
  return [...records]
    .filter(([, record]) => matches(record, query))
    .map(([key, record]) => ({ record, place: [...order.map((field) => fieldOf(record, field)), key] }))
    .filter(({ place }) => after === null || comparePlaces(place, after) > 0)
    .sort((left, right) => comparePlaces(left.place, right.place))
    .slice(0, limit)
    .map(({ record }) => record)
}

/** The sums of an amount over the records that match, by currency. */
export function sumsOf(records: RecordMap, query: Conditions, field: string): readonly RecordSum[] {
  const sums = new Map<string, RecordSum>()
  for (const record of records.values()) {
    if (!matches(record, query)) continue
    const currency = fieldOf(record, 'currency')
    const amount = fieldOf(record, field)
    invariant(typeof currency === 'string', 'a record that is summed up has a currency')
    invariant(amount === null || typeof amount === 'bigint', `${field} is an amount`)
    const { sum, count } = sums.get(currency) ?? { sum: 0n, count: 0 }
    sums.set(currency, { currency, sum: sum + (amount ?? 0n), count: count + 1 })
  }
  return [...sums.values()].sort((left, right) => compareText(left.currency, right.currency))
}

function matches(record: Versioned, { where = {}, atMost }: Conditions): boolean {
  for (const [field, wanted] of Object.entries(where)) {
    const values: readonly FieldValue[] = Array.isArray(wanted) ? wanted : [wanted]
    if (!values.some((value) => compareValues(fieldOf(record, field), value) === 0)) return false
  }
  if (!atMost) return true
  const value = fieldOf(record, atMost.field)
  return value !== null && compareValues(value, atMost.value) <= 0
}

function fieldOf(record: Versioned, field: string): FieldValue {
  const value = (record as unknown as Readonly<Record<string, unknown>>)[field]
  invariant(value !== undefined && (typeof value !== 'object' || value === null), `${field} is a field with one value`)
  return value as FieldValue
}

function comparePlaces(left: readonly FieldValue[], right: readonly FieldValue[]): number {
  invariant(left.length === right.length, 'a page goes on after the values of its order and the key')
  for (const [index, value] of left.entries()) {
    const compared = compareValues(value, right[index] ?? null)
    if (compared !== 0) return compared
  }
  return 0
}

/** Null before everything else, texts by their UTF-8 bytes, everything else by size. */
function compareValues(left: FieldValue, right: FieldValue): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null)
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right)
  if (left === right) return 0
  return left < right ? -1 : 1
}
