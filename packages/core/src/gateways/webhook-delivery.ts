import { ledgerError } from '../errors/index.js'
import type { DeliveryHeaders, WebhookDelivery } from './webhook.js'

/** A delivery of which the form has been checked, and nothing else. */
export interface OpenDelivery {
  readonly rawBody: Uint8Array
  /** The value of a header, whatever case its name is in; throws `not_authentic` unless it is there once. */
  header(name: string): string
  /** The same of a header that may be absent: null then. */
  optionalHeader(name: string): string | null
  /** The body as JSON, for after its signature has been checked; undefined where it is none. */
  json(): unknown
}

/**
 * Opens a delivery for the verifier of a gateway. Throws `invalid_input` when the raw body is not bytes: that is a mistake
 * of the host's, which a sender cannot make.
 */
export function openDelivery(gateway: string, { headers, rawBody }: WebhookDelivery): OpenDelivery {
  if (!isBytes(rawBody)) throw bodyNotRaw(rawBody)
  if (typeof headers !== 'object' || headers === null) throw headersMissing()

  function optionalHeader(name: string): string | null {
    const values = valuesOf(headers, name)
    if (values.length > 1) {
      const message = `The delivery has more than one header ${name}, and only one of them can be ${gateway}'s. Refuse it, and see what in front of this server adds to requests.`
      throw ledgerError('not_authentic', message, { gateway, problem: 'header_repeated' })
    }
    return values[0] ?? null
  }

  return {
    rawBody,
    optionalHeader,
    json: () => parse(rawBody),
    header(name) {
      const value = optionalHeader(name)
      if (value !== null) return value
      const message = `The delivery has no header ${name}, as all of ${gateway}'s have. Refuse it; if it does come from ${gateway}, let what is in front of this server pass its headers on.`
      throw ledgerError('not_authentic', message, { gateway, problem: 'header_missing' })
    },
  }
}

function parse(rawBody: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(rawBody))
  } catch {
    return undefined
  }
}

/** Also of another realm, as test runners have them, where `instanceof` says no. */
const isBytes = (value: unknown): boolean => Object.prototype.toString.call(value) === '[object Uint8Array]'

function bodyNotRaw(rawBody: unknown) {
  const message = `must be the bytes as they arrived, a Uint8Array or Buffer, not ${rawBody === null ? 'null' : typeof rawBody}`
  const advice = 'Read the body before anything parses it, for example with express.raw({ type: () => true })'
  return ledgerError('invalid_input', `The input is not valid: rawBody ${message}. ${advice}.`, {
    issues: [{ path: 'rawBody', message }],
  })
}

function headersMissing() {
  const message = 'must be a Headers object or the names and values of headers'
  return ledgerError('invalid_input', `The input is not valid: headers ${message}.`, {
    issues: [{ path: 'headers', message }],
  })
}

/**
 * Every value that a header came with. Platforms join those of a header that was sent twice with a comma, which none of the
 * headers that are read here has in it.
 */
function valuesOf(headers: DeliveryHeaders, name: string): string[] {
  const given = isReader(headers) ? [headers.get(name) ?? undefined] : namedValues(headers, name)
  return given.flatMap((value) => (value === undefined || value === '' ? [] : value.split(',')))
}

const isReader = (headers: DeliveryHeaders): headers is { get(name: string): string | null } =>
  typeof headers.get === 'function'

function namedValues(headers: Exclude<DeliveryHeaders, { get(name: string): string | null }>, name: string) {
  return Object.entries(headers)
    .filter(([given]) => given.toLowerCase() === name.toLowerCase())
    .flatMap(([, value]) => value)
}
