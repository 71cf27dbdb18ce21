import type { OracleCommand } from '../oracle/index.js'

/** Whether it is many commands, each under a key of its own, rather than one. */
export const isRun = ({ command }: OracleCommand): boolean => command === 'settlements.run' || command === 'payouts.run'
