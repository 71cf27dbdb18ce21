export type * from './reads.js'
export type { Runtime, Sha256 } from './runtime.js'
export * from './storage.js'
export { decodeRecordPart, decodeResult, encodeRecordPart, encodeResult } from './wire.js'
