export * from './commands/index.js'
export type { HostTransaction } from './conformance/case.js'
export {
  type ConformanceOptions,
  conformanceCases,
  type StorageUnderTest,
  storageConformance,
  withoutAhead,
  withoutJoining,
} from './conformance/storage-conformance.js'
export { createModelStorage, type ModelOptions } from './model/model-storage.js'
export type { Commit, CommitFate, OverlapOptions } from './model/overlap.js'
export * from './oracle/index.js'
export { createTestRuntime, type TestRuntime, type TestRuntimeOptions } from './runtime/test-runtime.js'
