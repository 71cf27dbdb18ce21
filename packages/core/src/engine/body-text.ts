/** A body as it is kept: its text, or `hex:` and its bytes where it is none that a database takes. */
export function bodyText(rawBody: Uint8Array): string {
  const text = decoded(rawBody)
  // PostgreSQL keeps no U+0000 in a text.
  if (text !== null && !text.includes('\u0000')) return text
  return `hex:${Array.from(rawBody, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

function decoded(rawBody: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(rawBody)
  } catch {
    return null
  }
}
