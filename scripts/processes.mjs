import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

export const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'))

/** The script behind a command of an installed package; started with Node itself, it needs no shell on any system. */
export const binary = (packageName, command = packageName) => {
  const folder = path.join(root, 'node_modules', packageName)
  const { bin } = readJson(path.join(folder, 'package.json'))
  return path.join(folder, typeof bin === 'string' ? bin : bin[command])
}

/**
 * Runs a program to its end and gives its exit code. A signal sent to this process reaches the program, and one that
 * ends the program is reported as a shell does: 128 and the signal's number.
 */
export const run = (command, args, { cwd = root, env = {}, stdio = 'inherit', baseEnv = process.env } = {}) =>
  finish(spawn(command, args, { cwd, stdio, env: { ...baseEnv, ...env } }))

/** Runs a program to its end without input and gives its exit code with what it wrote, errors included. */
export const capture = async (command, args, { cwd = root, baseEnv = process.env } = {}) => {
  const child = spawn(command, args, { cwd, env: baseEnv, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      output += chunk
    })
  }
  return { code: await finish(child), output }
}

const finish = (child) =>
  new Promise((resolve, reject) => {
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    const forward = (signal) => child.kill(signal)
    for (const signal of signals) process.on(signal, forward)
    const settled = () => {
      for (const signal of signals) process.off(signal, forward)
    }
    child.on('error', (error) => {
      settled()
      reject(error)
    })
    child.on('close', (code, signal) => {
      settled()
      resolve(code ?? 128 + constants.signals[signal])
    })
  })

export const runNode = (script, args, options) => run(process.execPath, [script, ...args], options)

/** For set-up work: no input, and all output on standard error. */
export const setUpStdio = ['ignore', 2, 2]
