import { describe, expect, test } from 'vitest'
import { answerOf } from './answer.js'
import { outcomeOfFailure } from './outcome.js'

const answer = (statusCode: number, body: unknown, headers: Record<string, string> = {}) =>
  answerOf({ statusCode, headers, body: typeof body === 'string' ? body : JSON.stringify(body) }, 1_000)

const error = (name: string, issue?: string) => ({
  name,
  message: 'No.',
  debug_id: 'f00d',
  details: issue === undefined ? [] : [{ issue, field: '/amount', description: 'Not so.' }],
})

describe('an answer that is no success', () => {
  test.each<[string, number, unknown, string]>([
    ['a rule of PayPal', 422, error('UNPROCESSABLE_ENTITY', 'REFUND_TIME_LIMIT_EXCEEDED'), 'refused'],
    ['a form that PayPal does not know', 400, error('INVALID_REQUEST', 'INVALID_PARAMETER_VALUE'), 'refused'],
    ['something that is not there', 404, error('RESOURCE_NOT_FOUND'), 'refused'],
    ['a balance', 422, error('INSUFFICIENT_FUNDS'), 'waiting'],
    ['the payer', 422, error('UNPROCESSABLE_ENTITY', 'PAYER_ACTION_REQUIRED'), 'waiting'],
    ['a seller that is restricted', 422, error('UNPROCESSABLE_ENTITY', 'PAYEE_ACCOUNT_RESTRICTED'), 'waiting'],
    ['a permission', 403, error('NOT_AUTHORIZED', 'PERMISSION_DENIED'), 'waiting'],
    ['credentials', 401, { error: 'invalid_token', error_description: 'Expired' }, 'waiting'],
    ['too many calls', 429, error('RATE_LIMIT_REACHED'), 'waiting'],
    ['a request that is under way', 422, error('UNPROCESSABLE_ENTITY', 'PREVIOUS_REQUEST_IN_PROGRESS'), 'unknown'],
    ['a key that came with something else', 400, error('DUPLICATE_REQUEST_ID'), 'unknown'],
    ['a conflict', 409, error('RESOURCE_CONFLICT'), 'unknown'],
    ['a timeout', 408, error('REQUEST_TIMEOUT'), 'unknown'],
    ['a failure', 500, error('INTERNAL_SERVER_ERROR'), 'unknown'],
    ['a page of somebody else', 404, '<html>Not Found</html>', 'unknown'],
    ['JSON of another shape', 400, ['no'], 'unknown'],
    ['a redirect', 302, '', 'unknown'],
    ['a method', 405, error('METHOD_NOT_SUPPORTED'), 'unknown'],
  ])('about %s (%d) is taken for what it is', (_, status, body, outcome) => {
    expect(outcomeOfFailure(answer(status, body))).toMatchObject({ outcome })
  })

  test('is refused with the code, the reason and the id of PayPal', () => {
    expect(outcomeOfFailure(answer(422, error('UNPROCESSABLE_ENTITY', 'REFUND_NOT_ALLOWED')))).toEqual({
      outcome: 'refused',
      code: 'REFUND_NOT_ALLOWED',
      reason: 'Not so. (/amount)',
      requestId: 'f00d',
    })
    expect(outcomeOfFailure(answer(404, error('RESOURCE_NOT_FOUND'), { 'paypal-debug-id': 'fade' }))).toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
      reason: 'No.',
      requestId: 'fade',
    })
  })

  test('has a code where PayPal words its issue in a sentence', () => {
    expect(outcomeOfFailure(answer(400, error('VALIDATION_ERROR', 'Required field is missing')))).toMatchObject({
      code: 'VALIDATION_ERROR',
    })
  })

  test.each([
    ['7', 8_000],
    ['Thu, 01 Jan 1970 00:01:00 GMT', 60_000],
    ['soon', undefined],
  ])('with retry-after %s is tried again then', (header, retryAt) => {
    const limited = answer(429, error('RATE_LIMIT_REACHED'), { 'retry-after': header })
    expect(outcomeOfFailure(limited)).toMatchObject({ outcome: 'waiting', ...(retryAt ? { retryAt } : {}) })
    expect((outcomeOfFailure(limited) as { retryAt?: number }).retryAt).toBe(retryAt)
  })
})
