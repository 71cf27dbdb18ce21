import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** One source file as the checks see it: its path from the repository's root, with forward slashes, and its tree. */
export interface SourceFile {
  readonly path: string
  readonly text: string
  readonly tree: ts.SourceFile
}

/** What a check has against a file. */
export interface Finding {
  readonly path: string
  readonly line: number
  readonly message: string
}

export interface ModuleReference {
  readonly specifier: string
  readonly line: number
}

const root = fileURLToPath(new URL('../../', import.meta.url))

export const parseSource = (filePath: string, text: string): SourceFile => ({
  path: filePath,
  text,
  tree: ts.createSourceFile(filePath, text, ts.ScriptTarget.ES2022, true),
})

/** Every TypeScript file below the folders, which are given from the root; those that do not exist hold none. */
export const readSources = (...folders: readonly string[]): SourceFile[] =>
  folders.flatMap((folder) =>
    filesBelow(folder)
      .filter((file) => file.endsWith('.ts'))
      .map((file) => parseSource(file, readFileSync(path.join(root, file), 'utf8'))),
  )

const filesBelow = (folder: string): string[] => {
  const absolute = path.join(root, folder)
  const entries = readdirOrNothing(absolute)
  return entries.flatMap((entry) => {
    if (['node_modules', 'dist', 'coverage'].includes(entry.name)) return []
    const child = `${folder}/${entry.name}`
    return entry.isDirectory() ? filesBelow(child) : [child]
  })
}

const readdirOrNothing = (absolute: string) => {
  try {
    return readdirSync(absolute, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

export interface Manifest {
  readonly name: string
  readonly exports?: Readonly<Record<string, unknown>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

export const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')) as Manifest

export const subfolders = (folder: string): string[] =>
  readdirOrNothing(path.join(root, folder))
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${folder}/${entry.name}`)

export const isTest = ({ path: file }: SourceFile): boolean => file.endsWith('.test.ts')

export const lineOf = (file: SourceFile, node: ts.Node): number =>
  file.tree.getLineAndCharacterOfPosition(node.getStart(file.tree)).line + 1

export const walk = (node: ts.Node, visit: (node: ts.Node) => void): void => {
  visit(node)
  ts.forEachChild(node, (child) => walk(child, visit))
}

/** Every module that the file names: imports, type imports, re-exports, `import()`, `import('…').T` and `require()`. */
export const moduleReferences = (file: SourceFile): ModuleReference[] => {
  const references: ModuleReference[] = []
  walk(file.tree, (node) => {
    const specifier = specifierOf(node)
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) {
      references.push({ specifier: specifier.text, line: lineOf(file, node) })
    }
  })
  return references
}

const specifierOf = (node: ts.Node): ts.Node | undefined => {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isExternalModuleReference(node)) return node.expression
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined
  if (ts.isCallExpression(node) && isImportOrRequire(node.expression)) return node.arguments[0]
  return undefined
}

const isImportOrRequire = (callee: ts.Expression): boolean =>
  callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')

/** The file that a relative specifier leads to, as a path from the root, or undefined for a package. */
export const relativeTarget = (file: SourceFile, specifier: string): string | undefined =>
  specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file.path), specifier) : undefined
