/** Where a worker tells what it does: the part of pino's logger that is used, which the console has as well. */
export interface Logger {
  info(about: object, message: string): void
  error(about: object, message: string): void
}

export const silent: Logger = { info: () => {}, error: () => {} }
