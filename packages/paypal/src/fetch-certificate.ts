/** A file of certificates has a few thousand bytes. */
export const MAX_CERTIFICATE_BYTES = 65_536

/**
 * Reads the certificate at an address: PEM, its issuers after it where there are any. It need not look at the address,
 * which has been checked, but must not follow redirects, which have not. It ends early when the signal is aborted.
 */
export type FetchCertificate = (url: string, signal: AbortSignal) => Promise<Uint8Array | string>

/** Reads a certificate with the platform's `fetch`, without redirects and never more than a certificate may have. */
export async function fetchCertificate(url: string, signal: AbortSignal): Promise<Uint8Array> {
  const response = await fetch(url, { redirect: 'error', credentials: 'omit', signal })
  if (!response.ok || response.body === null) {
    await response.body?.cancel()
    throw new Error(`the server answered ${response.status}`)
  }
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body) {
    bytes += chunk.byteLength
    // Leaving the loop ends the response.
    if (bytes > MAX_CERTIFICATE_BYTES) throw new Error(`the server sent more than ${MAX_CERTIFICATE_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
