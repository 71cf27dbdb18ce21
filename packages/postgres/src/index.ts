export type { PooledClient, PostgresClient, PostgresPool, PostgresQuery } from './client.js'
export { createPostgresStorage, type PostgresOptions, type PostgresSource } from './storage.js'
