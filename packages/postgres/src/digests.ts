/** 16 bytes are kept in a column of type uuid, which is 16 bytes there, without a length before it. */
export function digestOfBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

/** Reads back what the server shows as a UUID. */
export function bytesOfDigest(text: string): Uint8Array {
  return Buffer.from(text.replaceAll('-', ''), 'hex')
}
