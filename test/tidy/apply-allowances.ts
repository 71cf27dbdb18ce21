import type { Allowance } from './allowances.js'
import type { Finding } from './source-file.js'

/** A finding about one expression, which an allowance can cover. */
export interface ExpressionFinding extends Finding {
  readonly expression: string
}

/** What an allowance is for, as text, so that layout makes no difference. */
const keyOf = (path: string, expression: string): string => `${path}: ${expression.replace(/\s+/g, ' ').trim()}`

/** The findings that no allowance covers, and what is wrong with the allowances: unused, repeated, without a reason. */
export const applyAllowances = (
  findings: readonly ExpressionFinding[],
  allowances: readonly Allowance[],
): Finding[] => {
  const found = new Set(findings.map(({ path, expression }) => keyOf(path, expression)))
  const allowed = new Set<string>()
  const wrong: Finding[] = []
  for (const { path, expressions, reason } of allowances) {
    for (const expression of expressions) {
      const key = keyOf(path, expression)
      const object = (message: string) =>
        wrong.push({ path, line: 0, message: `the allowance for \`${expression}\` ${message}` })
      if (!found.has(key)) object('is no longer in use')
      if (allowed.has(key)) object('is repeated')
      if (!reason.includes(' ')) object('has no reason')
      allowed.add(key)
    }
  }
  return [...findings.filter(({ path, expression }) => !allowed.has(keyOf(path, expression))), ...wrong]
}
