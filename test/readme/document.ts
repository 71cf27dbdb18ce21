import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'

interface Document {
  readonly text: string
  /** Fenced blocks in order; `language` is empty where none is named. */
  readonly blocks: readonly { readonly language: string; readonly text: string }[]
}

/** Reads a document by its path from the root of the repository. */
export async function readDocument(path: string): Promise<Document> {
  const text = await readFile(new URL(`../../${path}`, import.meta.url), 'utf8')
  const fenced = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
  return { text, blocks: fenced.map(([, language = '', inside = '']) => ({ language, text: inside })) }
}

/** Runs a program in a process of its own, and gives what it prints. */
export async function printedBy(program: string): Promise<string> {
  // Inside this package, so that the imports resolve as they do for a user who has installed them.
  const file = new URL(`program-${randomUUID()}.process.ts`, import.meta.url)
  await writeFile(file, program)
  try {
    const flags = ['--import', 'tsx', '--conditions=@escrow-ledger/source']
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, file.pathname])
    return stdout
  } finally {
    await rm(file)
  }
}
