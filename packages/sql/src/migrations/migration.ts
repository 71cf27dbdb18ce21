import type { Dialect } from '../dialect.js'

/** One step of the schema: forward only, named by its number, never changed once it was released. */
export interface Migration {
  readonly name: string
  readonly statements: (dialect: Dialect) => readonly string[]
}
