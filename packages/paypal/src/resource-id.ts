import { invalidOption } from './invalid-option.js'

const pattern = /^[0-9A-Za-z][0-9A-Za-z_-]{0,126}$/

/** Whether a text can be one of PayPal's ids: nothing that would lead to another address when it is put in one. */
export const isResourceId = (text: string): boolean => pattern.test(text)

/** The id, checked before it becomes a part of an address. Throws `invalid_input`. */
export function resourceId(text: string, path: string): string {
  if (typeof text === 'string' && isResourceId(text)) return text
  throw invalidOption(path, 'must be an id as PayPal has them, of letters, digits, "-" and "_"')
}

/** The last part of an address within PayPal's API, such as the order in `…/v2/checkout/orders/5O1`; null for another. */
export function idInLink(href: string | null, collection: string): string | null {
  const [, id] = new RegExp(`/${collection}/([^/?#]+)$`).exec(href ?? '') ?? []
  return id !== undefined && isResourceId(id) ? id : null
}
