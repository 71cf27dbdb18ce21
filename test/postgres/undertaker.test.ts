import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startProcess } from '../fixtures/child-process.js'

/** Whether a process runs; one that has ended and that nobody has asked about yet does not. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !existsSync(`/proc/${pid}/stat`) || !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)('a server ends with its owner, ended by %s', async (signal) => {
  const owner = startProcess('postgres/abandon.process.ts', [])
  onTestFinished(() => void owner.kill('SIGKILL'))
  if (!owner.stdout) throw new Error('The owner tells nothing.')
  const [folder] = await once(createInterface(owner.stdout), 'line')
  const pid = Number(readFileSync(path.join(folder, 'data/postmaster.pid'), 'utf8').split('\n')[0])
  expect(isAlive(pid)).toBe(true)
  owner.kill(signal)
  await vi.waitFor(() => expect([isAlive(pid), existsSync(folder)]).toEqual([false, false]), 20_000)
})
