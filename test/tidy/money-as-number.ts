import ts from 'typescript'
import type { ExpressionFinding } from './apply-allowances.js'
import { expressionAround, globalObjects, isReference } from './core-purity.js'
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
  if (ts.isPropertyAccessExpression(node)) return memberConversion(node, node.name.text)
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return memberConversion(node, node.argumentExpression.text)
  }
  if (ts.isBindingElement(node)) return (node.propertyName ?? node.name).getText() === 'Number' ? node : undefined
  if (ts.isIdentifier(node) && isReference(node)) return referenceConversion(node)
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.PlusToken) {
    return ts.isNumericLiteral(node.operand) ? undefined : node
  }
  return undefined
}

/** Members that make numbers of whatever they belong to; `coerce` is zod's. */
const converting = new Set(['toNumber', 'coerce', ...parsers])
const callers = new Set(['call', 'apply', 'bind'])

const memberConversion = (
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  name: string,
): ts.Node | undefined => {
  const object = ts.isIdentifier(node.expression) ? node.expression.text : ''
  const isNumber = (name === 'Number' && globalObjects.has(object)) || (object === 'Number' && callers.has(name))
  return isNumber || converting.has(name) ? expressionAround(node) : undefined
}

/** `Number(x)`, `new Number(x)`, `.map(Number)`, `parseFloat(x)`; but not `Number.isSafeInteger` and the like. */
const referenceConversion = (node: ts.Identifier): ts.Node | undefined => {
  if (parsers.has(node.text)) return expressionAround(node)
  if (node.text !== 'Number' || ts.isPropertyAccessExpression(node.parent)) return undefined
  const around = expressionAround(node)
  return around === node && ts.isCallExpression(node.parent) ? node.parent : around
}
