import { type ChildProcess, spawn } from 'node:child_process'
import { open, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Account } from './binaries.js'

/** How a server is told to stop: at once, as by a crash, so that it recovers when it starts; or rolling back in order. */
export type StopMode = 'immediate' | 'fast'

const signals = { immediate: 'SIGQUIT', fast: 'SIGINT' } as const
const POLL_MS = 10
const PATIENCE_MS = 60_000

export interface Postmaster {
  readonly pid: number
  /** Stops it and waits until it has ended; does nothing when it has ended before. */
  stop(mode: StopMode): Promise<void>
}

/** What programs of PostgreSQL find around them: nothing of the caller's that would change what they do. */
export const serverEnvironment = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }

/** Runs the server's main process, and waits until it takes connections. */
export async function startPostmaster(options: {
  readonly program: string
  readonly args: readonly string[]
  readonly data: string
  readonly log: string
  readonly account: Account | undefined
  readonly onStart: (pid: number) => void
}): Promise<Postmaster> {
  const { program, args, data, log, account, onStart } = options
  const output = await open(log, 'a')
  const child = spawn(program, ['-D', data, ...args], {
    cwd: path.dirname(data),
    env: serverEnvironment,
    stdio: ['ignore', output.fd, output.fd],
    // In a group of its own: what a terminal sends to its own is for whoever started it to answer.
    detached: true,
    ...account,
  })
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  })
  await output.close()
  const { pid } = child
  if (pid !== undefined) onStart(pid)
  child.unref()
  if (pid === undefined || !(await isReady({ child, pid, data }))) {
    child.kill('SIGKILL')
    throw new Error(`PostgreSQL did not start; it said:\n${await lastLines(log)}`)
  }
  return {
    pid,
    async stop(mode) {
      if (hasEnded(child)) return
      child.ref()
      child.kill(signals[mode])
      await ended
    },
  }
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

/** The server notes in a file of its data folder how far it has come, and whose note it is. */
async function isReady({ child, pid, data }: { child: ChildProcess; pid: number; data: string }): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < PATIENCE_MS && !hasEnded(child); waitedMs += POLL_MS) {
    const note = await readFile(path.join(data, 'postmaster.pid'), 'utf8').catch(() => '')
    const lines = note.split('\n').map((line) => line.trim())
    if (lines[0] === String(pid) && lines[7] === 'ready') return true
    await sleep(POLL_MS)
  }
  return false
}

async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.trim().split('\n').slice(-20).join('\n')
}
