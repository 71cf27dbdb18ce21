export type { SqliteDatabase } from './database.js'
export type { Synchronous } from './session.js'
export { createSqliteStorage, type SqliteOptions, type SqliteSource } from './storage.js'
