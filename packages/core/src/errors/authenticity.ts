/**
 * What keeps a message from being taken for the gateway's own. `docs/errors.md` says of each what to do about it, and a
 * test holds the two together.
 */
export const authenticityProblems = [
  'header_missing',
  'header_repeated',
  'header_malformed',
  'algorithm_unsupported',
  'transmission_too_old',
  'transmission_in_future',
  'certificate_url',
  'certificate_unreadable',
  'certificate_expired',
  'certificate_name',
  'certificate_untrusted',
  'signature_malformed',
  'signature_mismatch',
] as const

export type AuthenticityProblem = (typeof authenticityProblems)[number]
