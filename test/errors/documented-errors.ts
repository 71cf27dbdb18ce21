import { readFileSync } from 'node:fs'

/** What `docs/errors.md` says of a code. */
export interface DocumentedError {
  readonly kind: string
  readonly retryable: boolean
  readonly facts: readonly string[]
  /** What it means and what to do. */
  readonly text: string
}

const file = new URL('../../docs/errors.md', import.meta.url)
const statement = /^Kind `(?<kind>[a-z_]+)`, (?<not>not )?retryable\.(?: Facts: (?<facts>.+)\.)?$/

/** The sections of the file, by the code in their heading. */
export function documentedErrors(): ReadonlyMap<string, DocumentedError> {
  const sections = readFileSync(file, 'utf8').split(/^## /m).slice(1)
  return new Map(
    sections.map((section) => {
      const [heading = '', ...lines] = section.split(/^# /m)[0]?.trim().split('\n') ?? []
      const stated = lines.map((line) => statement.exec(line)?.groups).find((groups) => groups !== undefined)
      const text = lines
        .filter((line) => !statement.test(line))
        .join('\n')
        .trim()
      const facts = [...(stated?.facts ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name as string)
      return [heading, { kind: stated?.kind ?? '', retryable: stated !== undefined && !stated.not, facts, text }]
    }),
  )
}
