import { readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from './processes.mjs'

const lockFile = path.join(root, '.setup.lock')
const abandonedAfterMs = 20 * 60_000
const pollMs = 200

const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

const isAbandoned = () => {
  try {
    const pid = Number(readFileSync(lockFile, 'utf8'))
    const ageMs = Date.now() - statSync(lockFile).mtimeMs
    // A lock whose holder has not written its id yet is given the time to do so.
    if (!pid) return ageMs > 5_000
    return !isAlive(pid) || ageMs > abandonedAfterMs
  } catch {
    return false
  }
}

const tryAcquire = () => {
  try {
    writeFileSync(lockFile, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    return false
  }
}

const release = () => {
  try {
    unlinkSync(lockFile)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}

/** Only one process at a time installs or builds; the others wait for it and then find the work done. */
export const withLock = async (work) => {
  let told = false
  while (!tryAcquire()) {
    if (isAbandoned()) {
      release()
      continue
    }
    if (!told) process.stderr.write('Waiting for another task to finish its set-up …\n')
    told = true
    await sleep(pollMs)
  }
  try {
    return await work()
  } finally {
    release()
  }
}
