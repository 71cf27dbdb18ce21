/** Writes docs/openapi.json and docs/http.md as the handlers are now. */
import { writeFileSync } from 'node:fs'
import { openapiDocument, openapiFile, referenceDocument, referenceFile } from './fixtures/http-document.js'

const document = openapiDocument()
writeFileSync(openapiFile, `${JSON.stringify(document, null, 2)}\n`)
writeFileSync(referenceFile, referenceDocument(document))
