export type { PostgresVersion } from './binaries.js'
export { launchServer, type PostgresServer, type ServerOptions } from './server.js'
