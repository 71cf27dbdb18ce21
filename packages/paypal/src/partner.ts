/** The platform itself, where its orders name sellers. */
export interface Partner {
  readonly clientId: string
  /** PayPal's id of the platform's own account. */
  readonly merchantId: string
}

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')

/**
 * `PayPal-Auth-Assertion`, by which a platform acts in the name of a seller who has let it: an unsigned token, which counts
 * together with the platform's own access token only. https://developer.paypal.com/api/rest/requests/#paypal-auth-assertion
 */
export const inTheNameOf = ({ clientId }: Partner, seller: string): string =>
  `${encoded({ alg: 'none' })}.${encoded({ iss: clientId, payer_id: seller })}.`
