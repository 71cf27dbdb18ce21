const HEX = '0123456789abcdef'
const ID_LENGTH = 36

/** The value of each lower-case hexadecimal digit by its character code; -1 for every other character. */
const digits = Int8Array.from({ length: 128 }, (_, code) => HEX.indexOf(String.fromCharCode(code)))

/** The 16 bytes of a UUID, or null for a text that is not one in its canonical form: nothing is kept under it. */
export function bytesOfId(id: string): Buffer | null {
  if (id.length !== ID_LENGTH) return null
  const bytes = Buffer.allocUnsafe(16)
  let count = 0
  for (let at = 0; at < ID_LENGTH; at++) {
    if (at === 8 || at === 13 || at === 18 || at === 23) {
      if (id.charCodeAt(at) !== 45) return null
      continue
    }
    const high = digits[id.charCodeAt(at)] ?? -1
    const low = digits[id.charCodeAt(++at)] ?? -1
    if (high < 0 || low < 0) return null
    bytes[count++] = (high << 4) | low
  }
  return bytes
}

/** The canonical text of 16 bytes. */
export function idOfBytes(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
