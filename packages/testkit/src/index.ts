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
export {
  type GatewayClaims,
  type GatewayConformanceOptions,
  gatewayConformance,
  gatewayConformanceCases,
  withoutWebhooks,
} from './gateway-conformance/gateway-conformance.js'
export { type GatewayFault, gatewayFaults } from './gateway-conformance/gateway-faults.js'
export type {
  CallDetails,
  Effects,
  GatewayHarness,
  GenuineDelivery,
  OpenHarness,
} from './gateway-conformance/harness.js'
export type { AmountOnWire } from './gateway-conformance/payment-amounts.js'
export { createModelStorage, type ModelOptions } from './model/model-storage.js'
export type { Commit, CommitFate, OverlapOptions } from './model/overlap.js'
export * from './oracle/index.js'
export { createTestRuntime, type TestRuntime, type TestRuntimeOptions } from './runtime/test-runtime.js'
