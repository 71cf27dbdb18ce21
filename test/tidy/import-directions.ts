import { type Finding, isTest, moduleReferences, relativeTarget, type SourceFile } from './source-file.js'

const coreFolder = 'packages/core/src/'

/** A folder of the core imports only from itself and from those before it. The last two are files. */
const order = [
  'errors',
  'money',
  'accounts',
  'journal',
  'instructions',
  'gateways',
  'payments',
  'escrow',
  'payouts',
  'reconciliation',
  'storage',
  'engine',
  'ledger.ts',
  'worker',
  'index.ts',
]

export const checkImportDirections = (files: readonly SourceFile[]): Finding[] =>
  files.filter((file) => file.path.startsWith(coreFolder) && !isTest(file)).flatMap(checkFile)

const checkFile = (file: SourceFile): Finding[] => {
  const place = placeOf(file.path)
  if (place === undefined || !order.includes(place)) {
    return [{ path: file.path, line: 1, message: 'stands in no place of the import order' }]
  }
  return moduleReferences(file).flatMap(({ specifier, line }) => {
    const message = objection(file, place, specifier)
    return message === undefined ? [] : [{ path: file.path, line, message }]
  })
}

const objection = (file: SourceFile, place: string, specifier: string): string | undefined => {
  const target = relativeTarget(file, specifier)
  if (target === undefined) return undefined
  const targetPlace = placeOf(target.replace(/\.js$/, '.ts'))
  if (targetPlace === undefined) return `imports ${specifier}, which is outside the source folder`
  if (!order.includes(targetPlace)) return `imports ${specifier}, which stands in no place of the import order`
  if (order.indexOf(targetPlace) > order.indexOf(place)) return `${place} imports ${targetPlace}, which comes after it`
  return undefined
}

/** The folder, or the file for those that lie directly in the source folder. */
const placeOf = (file: string): string | undefined =>
  file.startsWith(coreFolder) ? file.slice(coreFolder.length).split('/')[0] : undefined
