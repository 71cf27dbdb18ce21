/** Writes docs/states.md as the library behaves now. */
import { writeFileSync } from 'node:fs'
import { statesDocument, statesFile } from './states-document.js'

writeFileSync(statesFile, await statesDocument())
