import { describe, expect, test } from 'vitest'
import { problemOf } from '../../../test/fixtures/authenticity-problem.js'
import type { PayPalWebhookOptions } from '../src/index.js'
import { event, signed, verify } from './fixtures/delivery.js'
import { curveKeys, rsaKeys } from './fixtures/key-pairs.js'
import {
  DAY,
  expiredIntermediate,
  intermediate,
  leaf,
  NOW,
  powerlessIntermediate,
  root,
  signingName,
  strangersIntermediate,
  strangersRoot,
} from './fixtures/signer.js'

type Trust = Pick<PayPalWebhookOptions, 'intermediates' | 'trustedRoots'>

/** Verifies a delivery with this at the address of its certificate. */
const withCertificate = (pem: Uint8Array | string, trust: Trust = {}) =>
  verify(signed(), { fetchCertificate: async () => pem, ...trust })

describe('a certificate', () => {
  test.each<[string, Uint8Array | string, Trust]>([
    ['as text', leaf(), {}],
    ['as bytes', Buffer.from(leaf()), {}],
    ['with its issuer after it', `${leaf()}${intermediate}`, { intermediates: [] }],
    ['with all above it, and more', `${leaf()}${root}${strangersIntermediate}${intermediate}`, { intermediates: [] }],
    ['with text around it', `subject: x\r\n${leaf()}\r\n`, {}],
    ['whose issuer is trusted by itself', leaf(), { trustedRoots: [intermediate], intermediates: [] }],
    [
      'beside issuers that are of no use',
      leaf(),
      { intermediates: [expiredIntermediate, powerlessIntermediate, intermediate] },
    ],
    ['on its first and last second', leaf({ from: NOW, through: NOW }), {}],
    ['in several names', leaf({ hosts: ['example.com', signingName('sandbox')] }), {}],
  ])('passes %s', async (_, pem, trust) => {
    expect(await withCertificate(pem, trust)).toMatchObject({ eventId: event.id })
  })

  test.each<[string, Uint8Array | string, Trust, string]>([
    ['nothing', '', {}, 'certificate_unreadable'],
    ['a page', '<html>Bad gateway</html>', {}, 'certificate_unreadable'],
    ['nonsense', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', {}, 'certificate_unreadable'],
    ['no text', undefined as unknown as string, {}, 'certificate_unreadable'],
    ['too much', leaf().padEnd(65_537), {}, 'certificate_unreadable'],
    ['too many', leaf().repeat(9), {}, 'certificate_unreadable'],
    ['one that has ended', leaf({ through: NOW - 1_000 }), {}, 'certificate_expired'],
    ['one that has not begun', leaf({ from: NOW + 1_000 }), {}, 'certificate_expired'],
    ['one of the other environment', leaf({ hosts: [signingName('live')] }), {}, 'certificate_name'],
    ['one of another name', leaf({ hosts: ['www.sandbox.paypal.com'] }), {}, 'certificate_name'],
    ['one of any name', leaf({ hosts: ['*.sandbox.paypal.com'] }), {}, 'certificate_name'],
    ['one with the name as its subject only', leaf({ hosts: [] }), {}, 'certificate_name'],
    ['an authority', root, {}, 'certificate_name'],
    ['one with another kind of key', leaf({ keys: curveKeys() }), {}, 'algorithm_unsupported'],
    ["one that says it is its issuer's and is not", leaf({ signedBy: curveKeys() }), {}, 'certificate_untrusted'],
    ['one without its issuer', leaf(), { intermediates: [] }, 'certificate_untrusted'],
    ['one under another root', leaf(), { trustedRoots: [strangersRoot] }, 'certificate_untrusted'],
    ['one under no root', leaf(), { trustedRoots: [] }, 'certificate_untrusted'],
    ['one that brings its own root', `${leaf()}${intermediate}${root}`, { trustedRoots: [] }, 'certificate_untrusted'],
    ['one under itself', leaf(), { trustedRoots: [leaf()], intermediates: [] }, 'certificate_untrusted'],
    ['one whose issuer has ended', leaf(), { intermediates: [expiredIntermediate] }, 'certificate_untrusted'],
    ['one whose issuer is none', leaf(), { intermediates: [powerlessIntermediate] }, 'certificate_untrusted'],
    ["one whose issuer is a stranger's", leaf(), { intermediates: [strangersIntermediate] }, 'certificate_untrusted'],
    ['one that passes, with another key', leaf({ keys: rsaKeys() }), {}, 'signature_mismatch'],
  ])('is refused when it is %s', async (_, pem, trust, problem) => {
    expect(await problemOf(() => withCertificate(pem, trust))).toBe(problem)
  })

  test('is refused once its issuer has ended, even though it has not', async () => {
    const now = () => NOW + 101 * DAY
    const late = { now, fetchCertificate: async () => leaf({ through: NOW + 200 * DAY }) }
    expect(await problemOf(() => verify(signed({ transmittedAt: now() }), late))).toBe('certificate_untrusted')
  })
})
