const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')

/** The header by which a platform acts in the name of a seller. */
export const inTheNameOf = (merchantId: string): Record<string, string> => ({
  'paypal-auth-assertion': `${encoded({ alg: 'none' })}.${encoded({ iss: 'sandbox-client-id', payer_id: merchantId })}.`,
})
