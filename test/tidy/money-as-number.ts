import ts from 'typescript'
import type { ExpressionFinding } from './apply-allowances.js'
import { expressionAround, isReference } from './core-purity.js'
import { lineOf, type SourceFile, walk } from './source-file.js'

const parsers = new Set(['parseFloat', 'parseInt'])

/**
 * Every expression that can turn money, as text, a big integer or a decimal, into a JavaScript number. Which of them
 * are about something else is for the allowances to say.
 */
export const findNumberConversions = (files: readonly SourceFile[]): ExpressionFinding[] =>
  files.flatMap((file) => {
    const findings: ExpressionFinding[] = []
    walk(file.tree, (node) => {
      const converted = conversionIn(node)
      if (converted === undefined) return
      const expression = converted.getText(file.tree)
      findings.push({
        path: file.path,
        line: lineOf(file, node),
        expression,
        message: `makes a number: \`${expression}\``,
      })
    })
    return findings
  })

const conversionIn = (node: ts.Node): ts.Node | undefined => {
  if (ts.isPropertyAccessExpression(node))
    return isConvertingMember(node.name.text) ? expressionAround(node) : undefined
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return isConvertingMember(node.argumentExpression.text) ? expressionAround(node) : undefined
  }
  if (ts.isIdentifier(node) && isReference(node)) return referenceConversion(node)
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.PlusToken) {
    return ts.isNumericLiteral(node.operand) ? undefined : node
  }
  return undefined
}

const isConvertingMember = (name: string): boolean => name === 'toNumber' || parsers.has(name)

/** `Number(x)`, `new Number(x)`, `.map(Number)`, `parseFloat(x)`; but not `Number.isSafeInteger` and the like. */
const referenceConversion = (node: ts.Identifier): ts.Node | undefined => {
  if (parsers.has(node.text)) return expressionAround(node)
  if (node.text !== 'Number' || ts.isPropertyAccessExpression(node.parent)) return undefined
  const around = expressionAround(node)
  return around === node && ts.isCallExpression(node.parent) ? node.parent : around
}
