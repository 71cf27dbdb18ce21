import type { GatewayName } from '../http/faults.js'

/** The page that shows what a gateway holds. */
export const page = (gateway: GatewayName): string => `<!doctype html><title>${gateway}</title>`
