const utf8 = new TextEncoder()
const BYTES_A_UNIT = 3

// One buffer serves all requests: their texts are short, and each is done with before the next one.
let buffer = new Uint8Array(4_096)
let used = 0

/**
 * Bytes that are the same for two requests exactly when they say the same: the operation's name, then its input with
 * names in order, money by its minor units, and each text after its length, so that nothing in it has to be escaped.
 * Written straight into a buffer that the next call uses again, since every request takes this way.
 */
export function canonicalBytes(operation: string, input: unknown): Uint8Array {
  used = 0
  writeText(operation)
  writeText(' ')
  writeValue(input)
  return buffer.subarray(0, used)
}

function writeValue(value: unknown): void {
  if (typeof value === 'string') {
    writeText(String(value.length))
    writeText('"')
    writeText(value)
  } else if (typeof value === 'bigint') {
    writeText(value.toString())
    writeText('n')
  } else if (typeof value !== 'object' || value === null) writeText(JSON.stringify(value) ?? 'null')
  else if (Array.isArray(value)) writeList(value)
  else writeFields(value as Readonly<Record<string, unknown>>)
}

function writeList(list: readonly unknown[]): void {
  writeText('[')
  for (const item of list) {
    writeValue(item)
    writeText(',')
  }
  writeText(']')
}

function writeFields(fields: Readonly<Record<string, unknown>>): void {
  writeText('{')
  for (const name of inOrder(Object.keys(fields))) {
    const field = fields[name]
    if (field === undefined) continue
    writeValue(name)
    writeValue(field)
    writeText(',')
  }
  writeText('}')
}

function writeText(text: string): void {
  const { length } = text
  if (used + length * BYTES_A_UNIT > buffer.length) grow(used + length * BYTES_A_UNIT)
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index)
    if (unit >= 0x80) {
      used += utf8.encodeInto(text.slice(index), buffer.subarray(used)).written
      return
    }
    buffer[used++] = unit
  }
}

function grow(needed: number): void {
  const larger = new Uint8Array(2 * needed)
  larger.set(buffer.subarray(0, used))
  buffer = larger
}

/** Sorts names by insertion: they are few, and mostly in order, and this runs for every object of every request. */
function inOrder(names: string[]): string[] {
  for (let index = 1; index < names.length; index++) {
    const name = names[index] as string
    let place = index
    for (; place > 0 && (names[place - 1] as string) > name; place--) names[place] = names[place - 1] as string
    names[place] = name
  }
  return names
}
