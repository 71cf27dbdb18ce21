import type { z } from 'zod'
import { shown } from '../money/index.js'

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
}

/**
 * What is wrong with a part of an input, to be read after the part's path: `limit must be at least 1, not the number 0`.
 * Undefined where zod's own words are as good.
 */
export function issueText(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kinds[issue.expected] ?? issue.expected}, not ${shown(issue.input)}`
    case 'invalid_value':
      return `must be ${issue.values.map(quoted).join(' or ')}, not ${shown(issue.input)}`
    case 'too_small':
      return `must ${bound(issue.origin, `at least ${issue.minimum}`)}, not ${measured(issue.input)}`
    case 'too_big':
      return `must ${bound(issue.origin, `at most ${issue.maximum}`)}, not ${measured(issue.input)}`
    case 'unrecognized_keys':
      return `must not have ${issue.keys.map(quoted).join(' or ')}: leave that out`
    case 'invalid_union':
      return issue.errors.map(([first]) => wanted(first?.message ?? '')).join(', or ')
    default:
      return undefined
  }
}

/** The first half of what is wrong: what was wanted, without what was found. */
function wanted(text: string): string {
  return text.replace(/, not .*$/, '')
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

function bound(origin: string, limit: string): string {
  if (origin === 'array') return `have ${limit} in its list`
  return origin === 'string' ? `have ${limit} characters` : `be ${limit}`
}

function measured(input: unknown): string {
  return typeof input === 'string' || Array.isArray(input) ? String(input.length) : shown(input)
}
