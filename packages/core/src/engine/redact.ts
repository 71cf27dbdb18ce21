/** Names of fields whose values are never kept: secrets, and whatever identifies a card, a bank account or a person. */
const hidden =
  /(secret|password|token|authorization|api[_-]?key|signature|cvv|cvc|pin$|otp|card[_-]?number|^number$|expiry|account[_-]?number|national_number|iban|ifsc|routing|vpa|upi|email|phone|contact$|pan$|gst|tax_id|ssn|address|name$|birth)/i

const HIDDEN = '[redacted]'
/** A run of digits, spaced perhaps, that is as long as a card's or an account's number. */
const digits = /(?<![\w.-])\d(?:[ -]?\d){11,18}(?![\w.-])/g
const MOST = 20_000

/** A request or an answer as it may be kept: JSON without the values of such fields; other text without long numbers. */
export function redacted(text: string | null): string | null {
  if (text === null) return null
  return cut(redactedText(text))
}

function redactedText(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), (name, value: unknown) => kept(name, value))
  } catch {
    return text.replace(digits, HIDDEN)
  }
}

const shown = /(_id|_code|_type|_mode|status)$/

/** PayPal's word for what went wrong stands under `name`: `RESOURCE_NOT_FOUND`. */
const isErrorName = (name: string, value: unknown): boolean =>
  name === 'name' && typeof value === 'string' && /^[A-Z]+(_[A-Z]+)+$/.test(value)

/** Ids of the gateways (`contact_id`) and codes (`country_code`) are kept: they are what support asks for. */
function kept(name: string, value: unknown): unknown {
  if (typeof value !== 'string' && typeof value !== 'number') return value
  if (hidden.test(name) && !shown.test(name) && !isErrorName(name, value)) return HIDDEN
  return typeof value === 'string' ? value.replace(digits, HIDDEN) : value
}

function cut(text: string): string {
  return text.length <= MOST ? text : `${text.slice(0, MOST)}… (${text.length} characters)`
}
