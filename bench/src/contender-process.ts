import { type ChildProcess, fork } from 'node:child_process'
import type { Ask, Part, Reply } from './contend.js'
import type { Contender, Facts, Lap } from './contender.js'

/** The argument that makes this program a contender of a race. */
export const CONTEND = '--contend'

export interface ContenderProcess extends Contender {
  /** Ends the process, wherever it stands; resolves when it is gone. */
  stop(): Promise<void>
}

/** Starts a contender in a process of its own, so that memory and garbage collection are its own as well. */
export function startContender(part: Part): ContenderProcess {
  const program = process.argv[1] as string
  // What a contender prints must not get into the report.
  const child = fork(program, [CONTEND], { stdio: ['ignore', 2, 2, 'ipc'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    setUp: () => ask<void>(child, { ask: 'setUp', ...part }),
    prepare: (calls) => ask<void>(child, { ask: 'prepare', calls }),
    run: () => ask<Lap>(child, { ask: 'run' }),
    forget: () => ask<void>(child, { ask: 'forget' }),
    finish: () => ask<Facts>(child, { ask: 'finish' }),
    stop() {
      child.kill('SIGKILL')
      return ended
    },
  }
}

function ask<Answer>(child: ChildProcess, asked: Ask): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`A contender's process ended with ${code}.`))
    child.once('exit', onExit)
    child.once('message', (reply: Reply) => {
      child.off('exit', onExit)
      // The reply to each question is what the contender's method resolves to.
      if ('answer' in reply) resolve(reply.answer as Answer)
      else if ('failure' in reply) reject(new Error(reply.failure))
      else resolve(undefined as Answer)
    })
    if (child.exitCode !== null || child.signalCode !== null) return onExit(child.exitCode)
    // A process that is gone is told of by its exit.
    child.send(asked, () => {})
  })
}
