import { builtinModules } from 'node:module'
import ts from 'typescript'
import type { ExpressionFinding } from './apply-allowances.js'
import { type Finding, lineOf, moduleReferences, type SourceFile, walk } from './source-file.js'

const builtins = new Set(builtinModules.map((name) => name.split('/')[0]))

export const checkNoNodeImports = (files: readonly SourceFile[]): Finding[] =>
  files.flatMap((file) =>
    moduleReferences(file)
      .filter(({ specifier }) => specifier.startsWith('node:') || builtins.has(specifier.split('/')[0]))
      .map(({ specifier, line }) => ({ path: file.path, line, message: `imports ${specifier} from Node` })),
  )

const timers = new Set(['setTimeout', 'setInterval', 'setImmediate'])

const impureMembers: Readonly<Record<string, readonly string[]>> = {
  Date: ['now'],
  Math: ['random'],
  crypto: ['randomUUID', 'getRandomValues'],
  performance: ['now'],
}

export const globalObjects = new Set(['globalThis', 'window', 'self', 'global'])

/** The clock, timers, randomness and the process, however they are reached. `queueMicrotask` is free to use. */
export const findImpurities = (files: readonly SourceFile[]): ExpressionFinding[] =>
  files.flatMap((file) => {
    const findings: ExpressionFinding[] = []
    walk(file.tree, (node) => {
      const impurity = impurityOf(node)
      if (impurity === undefined) return
      const expression = expressionAround(node).getText(file.tree)
      findings.push({
        path: file.path,
        line: lineOf(file, node),
        expression,
        message: `uses ${impurity}: \`${expression}\``,
      })
    })
    return findings
  })

const impurityOf = (node: ts.Node): string | undefined => {
  if (ts.isNewExpression(node) && isGlobal(node.expression, 'Date') && !node.arguments?.length) return 'the clock'
  if (ts.isCallExpression(node) && isGlobal(node.expression, 'Date')) return 'the clock'
  if (ts.isPropertyAccessExpression(node)) return impureMember(node.expression, node.name.text)
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return impureMember(node.expression, node.argumentExpression.text)
  }
  if (ts.isIdentifier(node) && timers.has(node.text) && isReference(node)) return 'a timer'
  if (ts.isIdentifier(node) && node.text in impureMembers && isHandedOn(node)) return `${node.text} by another name`
  return undefined
}

/** Whether a global object is used for anything but its members, to make something, or to ask what something is. */
const isHandedOn = (node: ts.Identifier): boolean => {
  const { parent } = node
  if (!isReference(node) || ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) return false
  if ((ts.isNewExpression(parent) || ts.isCallExpression(parent)) && parent.expression === node) return false
  return !(ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword)
}

const impureMember = (object: ts.Expression, member: string): string | undefined => {
  if (ts.isIdentifier(object) && object.text === 'process') return 'the process'
  if (ts.isIdentifier(object) && globalObjects.has(object.text) && (timers.has(member) || member === 'process')) {
    return `the global ${member}`
  }
  for (const [name, members] of Object.entries(impureMembers)) {
    if (isGlobal(object, name) && members.includes(member)) return `${name}.${member}`
  }
  return undefined
}

const isGlobal = (node: ts.Expression, name: string): boolean =>
  (ts.isIdentifier(node) && node.text === name) ||
  (ts.isPropertyAccessExpression(node) &&
    ts.isIdentifier(node.expression) &&
    globalObjects.has(node.expression.text) &&
    node.name.text === name)

/** Whether an identifier stands for a value, rather than naming a member or something that is declared. */
export const isReference = (node: ts.Identifier): boolean => {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node
  if (ts.isBindingElement(parent)) return parent.initializer === node
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent)) return parent.initializer === node
  if (ts.isPropertySignature(parent) || ts.isMethodSignature(parent) || ts.isMethodDeclaration(parent)) return false
  if (ts.isFunctionDeclaration(parent) || ts.isImportSpecifier(parent)) return false
  return !ts.isTypeReferenceNode(parent) && !ts.isQualifiedName(parent)
}

/** The call that a reference is the callee of, or else the reference itself. */
export const expressionAround = (node: ts.Node): ts.Node => {
  const { parent } = node
  const isCallee = parent && (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression === node
  return isCallee ? parent : node
}
