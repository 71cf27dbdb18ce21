/** As much of ASN.1's distinguished encoding as certificates take. */
export function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  return Buffer.concat([Buffer.from([tag]), length(body.length), body])
}

function length(value: number): Buffer {
  if (value < 0x80) return Buffer.from([value])
  if (value < 0x100) return Buffer.from([0x81, value])
  return Buffer.from([0x82, value >> 8, value & 0xff])
}

export const sequence = (...content: readonly Uint8Array[]) => der(0x30, ...content)
export const set = (...content: readonly Uint8Array[]) => der(0x31, ...content)
export const integer = (value: number) => der(0x02, Buffer.from([value]))
export const bits = (value: Uint8Array) => der(0x03, Buffer.from([0]), value)
export const octets = (value: Uint8Array) => der(0x04, value)
export const yes = der(0x01, Buffer.from([0xff]))
export const text = (value: string) => der(0x0c, Buffer.from(value))

/** An instant, in milliseconds since 1970, to the second. */
export const time = (at: number) =>
  der(0x18, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`))

/** An object identifier, such as `2.5.4.3`. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map((arc) => Number.parseInt(arc, 10))
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

function base128(arc: number): number[] {
  const digits = [arc & 0x7f]
  for (let left = arc >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80)
  return digits
}
