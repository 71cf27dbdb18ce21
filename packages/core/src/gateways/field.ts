/**
 * What may be kept of a field, by its name. `kept`: what a gateway's support asks for, long numbers included. `hidden`: a
 * secret, or what identifies a card, a bank account or a person. `plain`: what it says is looked at.
 */
export type Field = 'kept' | 'hidden' | 'plain'

const keptNames = new Set([
  ...['account_id', 'authorization_id', 'contact_id', 'custom_id', 'debug_id', 'fund_account_id', 'invoice_id'],
  ...['payout_batch_id', 'payout_item_id', 'reference_id', 'sender_batch_id', 'sender_item_id', 'transaction_id'],
  ...['receipt', 'arn', 'rrn', 'utr', 'acquirer_reference_number', 'upi_transaction_id'],
  ...['amount', 'country_code', 'currency_code'],
])

/** Told by any part of a name. */
const telling = [
  ...['secret', 'passw', 'passphrase', 'credential', 'signature', 'cookie', 'api_?key', 'private_?key'],
  ...['cvv', 'cvc', 'expiry', 'security_?code', 'iban', 'ifsc', 'sort_?code', 'receiver', 'beneficiary'],
  ...['email', 'phone', 'mobile', 'address', 'street', 'postal', 'postcode', 'pincode', 'birth', 'aadhaar', 'passport'],
  ...['tax_?id', 'tax_?info', 'names?$', '(account|card|national|document)_?(no|num|numbers?)$', '^numbers?$'],
]
/** Told by a whole word of a name: within another they mean nothing. */
const words = [
  ...['authorization', 'bearer', 'tokens?', 'pin', 'otp', 'exp', 'pan', 'gst', 'gstin', 'ssn', 'dob', 'zip', 'ip'],
  ...['names?', 'contacts?', 'vpa', 'upi', 'bic', 'swift', 'routing'],
]
const hiddenNames = new RegExp(`${telling.join('|')}|(?:^|_)(?:${words.join('|')})(?:_|$)`)

/** `enclosing` is the field that this one stands in: in a hidden one nothing is shown but what is kept anywhere. */
export function fieldOf(name: string, enclosing: Field): Field {
  const inner = inWords(name)
  if (keptNames.has(inner)) return 'kept'
  if (enclosing === 'hidden' || hiddenNames.test(inner)) return 'hidden'
  return inner === 'id' ? 'kept' : 'plain'
}

/** `accountNumber`, `account-number` and `account[number]` are `account_number`. */
function inWords(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z\d]+/g, '_')
    .replace(/^_|_$/g, '')
    .toLowerCase()
}
