import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readConfig } from '@escrow-ledger/http/config'
import { createSandbox } from '@escrow-ledger/sandbox'
import { onTestFinished } from 'vitest'
import { paypalSettings } from '../src/paypal.js'
import { sandboxEnvironment } from '../src/sandbox-environment.js'
import { startApplication } from '../src/start.js'

export const HOUR = 3_600_000
export const DAY = 24 * HOUR

/** When the clock of every test starts: 2026-11-02T09:00:00Z, a Monday. */
const START = Date.UTC(2026, 10, 2, 9)

/** The marketplace on a file of its own, with a sandbox whose clock stands still. All of it ends with the test. */
export async function openApplication() {
  const folder = mkdtempSync(path.join(tmpdir(), 'hono-'))
  const sandbox = await createSandbox({ clock: { startAt: START }, paypal: paypalSettings })
  const logged: string[] = []
  const say = (about: object, message: string) => void logged.push(`${message} ${JSON.stringify(about)}`)
  const logger = { info: say, warn: say, error: say }
  const filename = path.join(folder, 'marketplace.db')
  const config = readConfig(sandboxEnvironment({ PORT: '0' }, { ...sandbox, filename }))
  const application = await startApplication({ config, sandbox, logger, manualWorker: true })
  onTestFinished(async () => {
    await application.stop()
    await sandbox.close()
    rmSync(folder, { recursive: true })
  })

  /** Delivers webhooks, and lets the worker do all that there is to do now. */
  async function work(): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      await sandbox.webhooks.idle()
      await application.worker.runOnce()
    }
  }
  return { ...application, sandbox, filename, logged, work }
}

/** Somebody's browser: keeps the cookie and follows redirects. */
export function createBrowser(origin: string) {
  let cookie = ''

  async function ask(
    place: string,
    form?: Record<string, string>,
  ): Promise<{ status: number; url: string; text: string }> {
    const body = form ? { method: 'POST', body: new URLSearchParams(form) } : {}
    const response = await fetch(new URL(place, origin), { ...body, headers: { cookie, origin }, redirect: 'manual' })
    for (const given of response.headers.getSetCookie()) cookie = given.split(';')[0] ?? ''
    const location = response.headers.get('location')
    if (location !== null) return ask(location)
    return { status: response.status, url: place, text: await response.text() }
  }

  return {
    open: (place: string) => ask(place),
    send: (place: string, form: Record<string, string> = {}) => ask(place, form),
    logIn: (user: string) => ask('/login', { user }),
    cookie: () => cookie,
  }
}
