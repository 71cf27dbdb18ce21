import { type InputIssue, ledgerError } from '../errors/index.js'

/**
 * Orders two texts by their UTF-8 bytes, which is how the databases order keys. JavaScript's own order compares UTF-16
 * units and so puts U+1F600 before U+FF5E; UTF-8 puts it after.
 */
export function compareText(left: string, right: string): -1 | 0 | 1 {
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index)
    const b = right.charCodeAt(index)
    if (a === b) continue
    return surrogatesLast(a) < surrogatesLast(b) ? -1 : 1
  }
  if (left.length === right.length) return 0
  return left.length < right.length ? -1 : 1
}

/** Texts in the order of their UTF-8 bytes. Where no character lies above the surrogates, JavaScript's order is the same. */
export function inTextOrder(texts: Iterable<string>): string[] {
  const list = [...texts]
  return list.some((text) => fromSurrogatesOn.test(text)) ? list.sort(compareText) : list.sort()
}

const fromSurrogatesOn = /[\ud800-\uffff]/

/** Moves surrogates above the rest of the basic plane, since the code points they stand for lie above it. */
function surrogatesLast(unit: number): number {
  if (unit < 0xd800) return unit
  return unit <= 0xdfff ? unit + 0x2000 : unit - 0x800
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses.
const controlCharacters = /[\u0000-\u001f\u007f-\u009f]/
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/** Says what makes a text unfit to be kept, or null. Limits count Unicode characters, and bytes are at most four times that. */
export function textProblem(text: unknown, limits: { min: number; max: number; lines?: boolean }): string | null {
  if (typeof text !== 'string') return `must be a text, not ${text === null ? 'null' : typeof text}`
  if (text.length < limits.min) return 'must not be empty'
  // A character has one or two units of UTF-16, so most texts need not be counted.
  if (text.length > limits.max) {
    const count = charactersIn(text)
    if (count > limits.max) return `must have at most ${limits.max} characters, not ${count}`
  }
  if (loneSurrogate.test(text)) return 'must be well-formed Unicode (it has half of a surrogate pair)'
  const visible = limits.lines ? text.replace(/[\t\n\r]/g, ' ') : text
  if (controlCharacters.test(visible)) return 'must not have control characters'
  return null
}

/** How many Unicode characters a text has: a pair of surrogates is one. */
function charactersIn(text: string): number {
  let count = 0
  for (let index = 0; index < text.length; index++) {
    const isPair = text.charCodeAt(index) >>> 10 === 0x36 && text.charCodeAt(index + 1) >>> 10 === 0x37
    if (isPair) index++
    count++
  }
  return count
}

/** The host's own ids: any text of 1 to 128 characters without control characters, never normalised. */
export const idLimits = { min: 1, max: 128 } as const
export const idempotencyKeyLimits = { min: 1, max: 255 } as const
export const descriptionLimits = { min: 0, max: 500, lines: true } as const
/** Long enough for the longest id with every character escaped, and for what surrounds it. */
export const accountCodeLimits = { min: 1, max: 1200 } as const

/** Throws `invalid_input` unless the text is fit to be an id. */
export function checkId(text: unknown, path: string): asserts text is string {
  const problem = textProblem(text, idLimits)
  if (problem) throw invalidInput([{ path, message: problem }])
}

/** The one way to say that an input is malformed: every issue at once, each with its path. */
export function invalidInput(issues: readonly InputIssue[]) {
  const list = issues.map(({ path, message }) => `${path || 'it'} ${message}`).join('; ')
  return ledgerError('invalid_input', `The input is not valid: ${list}.`, { issues })
}

/** Escapes an id for use as one segment of an account code: only `:` and `%` change, so the id can be read back. */
export function escapeSegment(id: string): string {
  return id.replace(/[%:]/g, (character) => (character === '%' ? '%25' : '%3A'))
}

/** Reads back the id that `escapeSegment` wrote. */
export function unescapeSegment(segment: string): string {
  return segment.replace(/%(25|3A)/g, (_, code: string) => (code === '25' ? '%' : ':'))
}
