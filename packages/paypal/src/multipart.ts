const BOUNDARY = 'escrow-ledger-4b1f0c6e8a7d4f52'

/**
 * A form with one part of JSON, as the Disputes API takes what it takes. The SDK would send a form without files as
 * `application/x-www-form-urlencoded`. Throws where the JSON has the boundary in it.
 */
export function multipart(name: string, input: object) {
  const json = JSON.stringify(input)
  if (json.includes(BOUNDARY)) throw new Error('the text cannot be sent as a form')
  const head = `Content-Disposition: form-data; name="${name}"\r\nContent-Type: application/json`
  const text = `--${BOUNDARY}\r\n${head}\r\n\r\n${json}\r\n--${BOUNDARY}--\r\n`
  return { headers: { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` }, text }
}
