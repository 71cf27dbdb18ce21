import { fileURLToPath } from 'node:url'
import { escrowTable } from './escrow-states.js'
import { instructionTable } from './instruction-states.js'
import { accountTable, suspenseTable } from './other-states.js'
import { markdownOf } from './rehearsal-books.js'

export const statesFile = fileURLToPath(new URL('../../docs/states.md', import.meta.url))

export const WRITE_COMMAND = 'node --import tsx --conditions=@escrow-ledger/source test/states/write-states.process.ts'

const introduction = `# States and commands

What each command does in each state: the status that it leads to, or the code that it is refused with. What the
commands take, and the order in which they refuse, stands in [commands.md](commands.md).

This file is written by running the library in every state, and a test holds it to that. To write it again:

    ${WRITE_COMMAND}
`

/** The whole document, as the library behaves now. */
export async function statesDocument(): Promise<string> {
  const tables = [
    await escrowTable(),
    await instructionTable('payout'),
    await instructionTable('refund'),
    await suspenseTable(),
    await accountTable(),
  ]
  return [introduction, ...tables.map(markdownOf)].join('\n')
}
