import { z } from 'zod'
import { parserOf } from '../journal/schema.js'
import { shown } from '../money/index.js'

const functionSchema = z.custom<object>((value) => typeof value === 'function', {
  error: ({ input }) => `must be a function, not ${shown(input)}`,
})

/** What nothing works without. The rest of an adapter is looked at where it is used. */
const gatewaySchema = z.object({
  operations: z.looseObject({}),
  send: functionSchema,
  ask: functionSchema,
  payoutBatches: z
    .object({ maximum: z.int().min(1), send: functionSchema, read: functionSchema, partOf: functionSchema })
    .optional(),
})

const limitsSchema = z.strictObject({
  concurrency: z.int().min(1).optional(),
  failures: z.int().min(1).optional(),
  pauseMs: z.number().min(0).optional(),
})

/** The bounds of group commit. */
const committerSchema = z.strictObject({
  maxQueued: z.int().min(1).optional(),
  maxBatch: z.int().min(1).optional(),
  maxBatchSize: z.int().min(1).optional(),
  targetMs: z.number().min(1).optional(),
  recoveryTries: z.int().min(0).optional(),
})

const storageSchema = z.custom<object>((value) => typeof value === 'object' && value !== null, {
  error: ({ input }) => `must be a storage, such as createSqliteStorage makes, not ${shown(input)}`,
})

/**
 * Checks the storage and the gateways of `createLedger`, and their limits, before anything is called. Throws
 * `invalid_input`, which names the gateway: an adapter that was not awaited, say, would else be told from a gateway that is
 * away only in production.
 */
export const checkWiring: (options: unknown) => unknown = parserOf(
  z.object({
    storage: storageSchema,
    gateways: z.record(z.string(), gatewaySchema).optional(),
    limits: committerSchema.optional(),
    gatewayLimits: z.record(z.string(), limitsSchema).optional(),
  }),
)
