/**
 * Outlives the process that started it, by however little: ends that process's server and removes its folder once that
 * process is gone, whatever ended it. The other end of standard input is held by that process alone, and closes with it;
 * through it come the ids of the server's process, a line each, and 0 when the server has ended.
 *
 *   undertaker.mjs FOLDER
 */
import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

const [folder] = process.argv.slice(2)
const patienceMs = 10_000
const pollMs = 20

const send = (pid, signal) => {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}

const end = async (pid) => {
  send(pid, 'SIGQUIT')
  for (let waitedMs = 0; send(pid, 0) && waitedMs < patienceMs; waitedMs += pollMs) await sleep(pollMs)
  send(pid, 'SIGKILL')
}

// What is sent to everything in a terminal must not keep this from its work.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})

let told = ''
for await (const text of process.stdin.setEncoding('utf8')) told += text
const pid = Number(told.trim().split('\n').at(-1))
if (pid > 0) await end(pid)
await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 })
