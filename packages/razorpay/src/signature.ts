import { createHmac, timingSafeEqual } from 'node:crypto'
import { type AuthenticityProblem, ledgerError } from 'escrow-ledger'

/** HMAC-SHA256 in lower-case hexadecimals: how Razorpay signs everything. */
export function sign(message: Uint8Array | string, secret: string): string {
  return createHmac('sha256', secret).update(message).digest('hex')
}

/**
 * Options with secrets under a name. Throws `invalid_input` unless there is a secret, and none of them is empty: anybody
 * can sign with an empty one.
 */
export function checkSecrets<Name extends string>(
  options: Readonly<Record<Name, readonly string[]>> | undefined,
  name: Name,
): Readonly<Record<Name, readonly string[]>> {
  const secrets: unknown = options?.[name]
  const usable = Array.isArray(secrets) && secrets.length > 0
  if (options && usable && secrets.every((secret) => typeof secret === 'string' && secret !== '')) return options
  const message = 'must be a list of at least one secret, and none of them empty'
  throw ledgerError('invalid_input', `The input is not valid: ${name} ${message}.`, {
    issues: [{ path: name, message }],
  })
}

interface Signed {
  readonly message: Uint8Array | string
  /** Whatever came in its place. */
  readonly signature: unknown
  /** Any one of them will do, so that they can be changed without losing what was signed with the one before. */
  readonly secrets: readonly string[]
  /** What the secrets are called where they were configured, for the advice. */
  readonly secretsName: string
}

/** Throws `not_authentic` unless one of the secrets makes this signature. The time it takes tells nothing about them. */
export function checkSignature({ message, signature, secrets, secretsName }: Signed): void {
  if (typeof signature !== 'string' || !/^[0-9a-f]{64}$/.test(signature)) {
    const advice = 'Refuse it: no secret can make it right'
    throw notAuthentic('signature_malformed', `The signature is not one of Razorpay's, 64 hexadecimals. ${advice}.`)
  }
  const given = Buffer.from(signature, 'hex')
  const matches = secrets.map((secret) => timingSafeEqual(given, Buffer.from(sign(message, secret), 'hex')))
  if (matches.includes(true)) return
  const advice = `Refuse it; if it does come from Razorpay, compare ${secretsName} with the dashboard, and see that nothing parses or changes what was signed before it gets here`
  throw notAuthentic('signature_mismatch', `The signature fits none of the ${secrets.length} secrets. ${advice}.`)
}

export function notAuthentic(problem: AuthenticityProblem, message: string) {
  return ledgerError('not_authentic', message, { gateway: 'razorpay', problem })
}
