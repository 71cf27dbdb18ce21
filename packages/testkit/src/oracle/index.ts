export type { Entry as OracleEntry, GatewayFacts as OracleGateway, Line as OracleLine } from './books.js'
export type { Status as OracleStatus } from './escrow.js'
export type { EscrowView as OracleEscrow } from './escrow-view.js'
export type { Instruction as OracleInstruction, InstructionName as OracleInstructionName } from './instructions.js'
export {
  createOracle,
  type Oracle,
  type OracleCommand,
  type OracleCommandName,
  type OracleOptions,
  type OracleResult,
} from './oracle.js'
export type { PaymentView as OraclePayment } from './payment-view.js'
export type { SuspenseName as OracleSuspenseName } from './resolve-suspense.js'
