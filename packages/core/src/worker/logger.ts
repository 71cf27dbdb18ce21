/** Where a worker tells what it does: the part of pino's logger that is used, which the console has as well. */
export interface Logger {
  info(about: object, message: string): void
  error(about: object, message: string): void
}

export const silent: Logger = { info: () => {}, error: () => {} }

/** A logger whose own failures, a full disk say, stop nothing: there is nobody left to tell them. */
export function unfailing(logger: Logger): Logger {
  return {
    info: (about, message) => void attempted(() => logger.info(about, message)),
    error: (about, message) => void attempted(() => logger.error(about, message)),
  }
}

/** A logger may answer with a promise though its type says that it does not. */
async function attempted(say: () => unknown): Promise<void> {
  try {
    await say()
  } catch {}
}
