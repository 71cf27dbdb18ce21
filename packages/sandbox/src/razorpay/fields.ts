import type { SandboxRequest } from '../http/operation.js'
import { badRequest } from './refusal.js'

export type Json = Readonly<Record<string, unknown>>

/** Notes as they were sent. */
export type Notes = Readonly<Record<string, string>>

/**
 * The body of a request. What it may not have is refused in Razorpay's words, and so is what is no object.
 */
export function readBody(request: SandboxRequest, allowed: readonly string[]): Json {
  let body: unknown
  try {
    body = request.json() ?? {}
  } catch {
    throw badRequest('The request body is not valid JSON.')
  }
  if (!isObject(body)) throw badRequest('The request body must be an object.')
  checkFields(body, allowed)
  return body
}

/** Throws for fields that Razorpay does not know. */
export function checkFields(body: Json, allowed: readonly string[]): void {
  const extra = Object.keys(body).filter((field) => !allowed.includes(field))
  if (extra.length > 0) throw badRequest(`${extra.join(', ')} is/are not required and should not be sent`)
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An amount in subunits: a whole number, or one as text. Money is a big integer from here on. */
export function readAmount(body: Json, field = 'amount', name = field): bigint {
  const value = body[field]
  if (value === undefined || value === null || value === '') {
    throw badRequest(`The ${name} field is required.`, { field: name })
  }
  const isWhole = typeof value === 'string' ? /^\d{1,15}$/.test(value) : Number.isSafeInteger(value)
  if (!isWhole) throw badRequest(`The ${name} must be an integer.`, { field: name })
  return BigInt(value as string | number)
}

export const readOptionalAmount = (body: Json, field = 'amount'): bigint | undefined =>
  body[field] === undefined || body[field] === null ? undefined : readAmount(body, field)

export function readText(body: Json, field: string, limits: { most?: number; least?: number; name?: string } = {}) {
  const { most, least, name = field } = limits
  const value = readOptionalText(body, field, limits)
  if (value === undefined) throw badRequest(`The ${name} field is required.`, { field: name })
  if (least !== undefined && value.length < least) {
    throw badRequest(`The ${name} must be at least ${least} characters.`, { field: name })
  }
  if (most !== undefined) checkMost(value, most, name)
  return value
}

export function readOptionalText(
  body: Json,
  field: string,
  { most, name = field }: { most?: number; name?: string } = {},
) {
  const value = body[field]
  if (value === undefined || value === null || value === '') return undefined
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string') throw badRequest(`The ${name} must be a string.`, { field: name })
  if (most !== undefined) checkMost(text, most, name)
  return text
}

function checkMost(value: string, most: number, name: string): void {
  if (value.length <= most) return
  throw badRequest(`The ${name} may not be greater than ${most} characters.`, { field: name })
}

/** Razorpay takes booleans as such, and as 0 and 1. */
export function readFlag(body: Json, field: string): boolean | undefined {
  const value = body[field]
  if (value === undefined || value === null) return undefined
  if ([true, 1, '1', 'true'].includes(value as string)) return true
  if ([false, 0, '0', 'false'].includes(value as string)) return false
  throw badRequest(`The ${field} field must be true or false.`, { field })
}

/** At most 15 notes of at most 256 characters. An empty list is none. */
export function readNotes(body: Json, field = 'notes'): Notes {
  const value = body[field] ?? {}
  if (Array.isArray(value) && value.length === 0) return {}
  if (!isObject(value)) throw badRequest('The notes must be an array.', { field })
  const entries = Object.entries(value).map(([key, note]) => [key, String(note)] as const)
  if (entries.length > 15)
    throw badRequest('The number of fields in notes should be less than or equal to 15', { field })
  if (entries.some(([key, note]) => key.length > 256 || note.length > 256)) {
    throw badRequest('The notes may not be greater than 256 characters.', { field })
  }
  return Object.fromEntries(entries)
}

/** Razorpay gives notes as an object, and as an empty list when there are none. */
export const notesEntity = (notes: Notes): Notes | [] => (Object.keys(notes).length === 0 ? [] : notes)

/** Throws unless an id has the prefix and 14 letters or digits. */
export function checkId(id: string, prefix: string): void {
  if (!id.startsWith(prefix) || !/^[0-9A-Za-z]{14}$/.test(id.slice(prefix.length))) {
    throw badRequest(`${id.replace(prefix, '')} is not a valid id`)
  }
}
