const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The 16 bytes of a UUID, or null for a text that is not one in its canonical form: nothing is kept under it. */
export function bytesOfId(id: string): Buffer | null {
  return uuid.test(id) ? Buffer.from(id.replaceAll('-', ''), 'hex') : null
}

/** The canonical text of 16 bytes. */
export function idOfBytes(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
