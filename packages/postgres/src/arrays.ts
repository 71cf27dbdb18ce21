import type { SqlValue } from '@escrow-ledger/sql'
import { invariant } from 'escrow-ledger'

/** An array in PostgreSQL's own notation, which costs less than handing the driver a value at a time. */
export function arrayOf(values: Iterable<SqlValue>): string {
  return `{${Array.from(values, elementOf).join(',')}}`
}

/** How a column's values are read from what the rows are made of. */
export type ValueOf<Item> = (item: Item) => SqlValue

const special = /["\\]/g

function elementOf(value: SqlValue): string {
  if (value === null) return 'NULL'
  if (typeof value !== 'string') return String(value)
  return `"${value.includes('"') || value.includes('\\') ? value.replace(special, '\\$&') : value}"`
}

/** How a value is written in the binary form that the receive function of its type reads. */
interface Element {
  /** The number of the type, which is the same on every server. */
  readonly type: number
  /** The most bytes that a value may take. */
  readonly most: (value: SqlValue) => number
  /** Writes a value, and gives how many bytes it took. */
  readonly write: (at: number, value: SqlValue) => number
}

function fixed(type: number, bytes: number, write: (at: number, value: SqlValue) => void): Element {
  return {
    type,
    most: () => bytes,
    write(at, value) {
      write(at, value)
      return bytes
    },
  }
}

const BYTES_A_UNIT = 3

// What is too large for its column fails here: a number must never wrap around.
const elements: Readonly<Record<string, Element>> = {
  'bigint[]': fixed(20, 8, writeBigint),
  'integer[]': fixed(23, 4, (at, value) => bytes.writeInt32BE(value as number, at)),
  'uuid[]': fixed(2950, 16, writeUuid),
  'text[]': {
    type: 25,
    most: (value) => BYTES_A_UNIT * (value as string).length,
    write: (at, value) => bytes.write(value as string, at),
  },
}

// One buffer serves all columns: each is copied out of it when it is complete.
let bytes = Buffer.allocUnsafe(65_536)
let view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

function reserve(needed: number): void {
  if (needed <= bytes.length) return
  const larger = Buffer.allocUnsafe(2 * needed)
  bytes.copy(larger)
  bytes = larger
  view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** The number of dimensions, whether there are nulls, the type of the elements, their count, and where they begin. */
const HEADER = 20
const EMPTY_HEADER = 12
const LENGTH = 4
const NULL = -1

/**
 * A column of many rows as an array in binary form, which neither side has to write out and read back. Nulls at its end
 * are left out, since `unnest` of several arrays fills the shorter ones up with them: so a column that nothing uses costs
 * nothing.
 */
export function columnOf<Item>(items: readonly Item[], read: ValueOf<Item>, type: string): Buffer {
  const element = elements[type]
  invariant(element, `an array of ${type} has a binary form`)
  let at = HEADER
  let end = HEADER
  let count = 0
  let present = 0
  for (let nth = 0; nth < items.length; nth++) {
    const value = read(items[nth] as Item)
    reserve(at + LENGTH + (value === null ? 0 : element.most(value)))
    const length = value === null ? NULL : element.write(at + LENGTH, value)
    bytes.writeInt32BE(length, at)
    at += LENGTH
    if (length === NULL) continue
    at += length
    present += 1
    count = nth + 1
    end = at
  }
  bytes.writeInt32BE(count === 0 ? 0 : 1, 0)
  bytes.writeInt32BE(present < count ? 1 : 0, 4)
  bytes.writeInt32BE(element.type, 8)
  bytes.writeInt32BE(count, 12)
  bytes.writeInt32BE(1, 16)
  return Buffer.from(bytes.subarray(0, count === 0 ? EMPTY_HEADER : end))
}

const HALF = 2 ** 32

/** Writes 64 bits. A number takes its two halves, since making a bigint of it first takes longer. */
function writeBigint(at: number, value: SqlValue): void {
  if (typeof value === 'number' && Number.isSafeInteger(value)) {
    const high = Math.floor(value / HALF)
    view.setInt32(at, high)
    view.setUint32(at + 4, value - high * HALF)
    return
  }
  const wide = BigInt(value as bigint)
  if (BigInt.asIntN(64, wide) !== wide) throw new RangeError(`${wide} is out of range for a column of 64 bits`)
  view.setBigInt64(at, wide)
}

const NO_DIGIT = -1
/** The value of each hexadecimal digit by its character code. */
const digits = Int8Array.from({ length: 128 }, (_, code) => '0123456789abcdef'.indexOf(fromCode(code)))

function fromCode(code: number): string {
  return String.fromCharCode(code).toLowerCase()
}

const HYPHEN = 45

/** Writes 16 bytes, given as such or as the text of a UUID. */
function writeUuid(start: number, value: SqlValue): void {
  if (typeof value !== 'string') {
    bytes.set(value as Uint8Array, start)
    return
  }
  let at = start
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index)
    if (code === HYPHEN) continue
    const high = digits[code] ?? NO_DIGIT
    const low = digits[value.charCodeAt(++index)] ?? NO_DIGIT
    invariant(high !== NO_DIGIT && low !== NO_DIGIT && at < start + 16, `"${value}" is a UUID`)
    bytes[at++] = (high << 4) | low
  }
  invariant(at === start + 16, `"${value}" is a UUID`)
}
