/** The members of pg's client that this package uses. */
export interface PostgresClient {
  query(query: PostgresQuery | string): Promise<{ readonly rows: readonly unknown[] }>
  on(event: 'error', listener: (error: Error) => void): unknown
  off(event: 'error', listener: (error: Error) => void): unknown
}

export interface PostgresQuery {
  readonly text: string
  readonly name?: string
  readonly values?: unknown[]
  readonly rowMode?: 'array'
  readonly types?: { readonly getTypeParser: () => (value: string) => unknown }
}

/** A client that a pool lent: it is given back, or thrown away with whatever its connection is in the middle of. */
export interface PooledClient extends PostgresClient {
  release(destroy?: Error | boolean): void
}

/** The members of pg's pool that this package uses. */
export interface PostgresPool {
  connect(): Promise<PooledClient>
  end(): Promise<void>
}
