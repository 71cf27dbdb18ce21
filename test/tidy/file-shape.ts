import ts from 'typescript'
import { type Finding, isTest, lineOf, type SourceFile, walk } from './source-file.js'

const maximumLines = 300
const emptyNames = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'type', 'types', 'misc'])

/** Names that say nothing, for files and folders alike. */
export const checkNames = (files: readonly SourceFile[]): Finding[] =>
  files.flatMap((file) =>
    file.path
      .split('/')
      .map((part) => part.replace(/(\.test|\.d)?\.ts$/, ''))
      .filter((part) => emptyNames.has(part))
      .map((part) => ({ path: file.path, line: 0, message: `is named ${part}, which says nothing` })),
  )

/** A file that grows longer hides a noun that wants a file of its own. Tests and generated files may be longer. */
export const checkLength = (files: readonly SourceFile[]): Finding[] =>
  files
    .filter((file) => !isTest(file) && !isGenerated(file))
    .map((file) => ({ path: file.path, lines: file.text.replace(/\n$/, '').split('\n').length }))
    .filter(({ lines }) => lines > maximumLines)
    .map(({ path, lines }) => ({ path, line: lines, message: `has ${lines} lines; ${maximumLines} are the most` }))

const isGenerated = (file: SourceFile): boolean => /^(\/\/|\/\*\*?) *@generated\b/.test(file.text)

/** Ways around the type system. */
export const checkEscapes = (files: readonly SourceFile[]): Finding[] =>
  files.flatMap((file) => {
    const findings: Finding[] = []
    walk(file.tree, (node) => {
      if (!(ts.isAsExpression(node) || ts.isTypeAssertionExpression(node))) return
      if (node.type.kind !== ts.SyntaxKind.AnyKeyword) return
      findings.push({ path: file.path, line: lineOf(file, node), message: 'asserts the type any' })
    })
    const suppression = /@ts-(ignore|nocheck)/
    file.text.split('\n').forEach((text, index) => {
      const found = suppression.exec(text)
      if (found) findings.push({ path: file.path, line: index + 1, message: `uses ${found[0]}` })
    })
    return findings
  })
