import type { Contender, ContenderKind, Entrant } from './contender.js'
import { createMeasuredLedger } from './measured-ledger.js'
import { createByHand, createFloor } from './repeated-statements.js'
import { workloadNamed } from './workloads/index.js'

/** What the race asks of a contender's process. */
export type Ask =
  | { readonly ask: 'setUp' }
  | { readonly ask: 'prepare'; readonly calls: number }
  | { readonly ask: 'run' }
  | { readonly ask: 'forget' }
  | { readonly ask: 'finish' }

export type Reply = { readonly answer: unknown } | { readonly failure: string }

const kinds: Readonly<Record<ContenderKind, (entrant: Entrant) => Contender>> = {
  ledger: createMeasuredLedger,
  floor: createFloor,
  'by hand': createByHand,
}

/** The process of one contender: does what it is asked, one thing after another, until it has finished. */
export function contend({ kind, workload, folder }: { kind: string; workload: string; folder: string }): void {
  const contender = kinds[kind as ContenderKind]({ workload: workloadNamed(workload), folder })

  function carryOut(asked: Ask): Promise<unknown> {
    switch (asked.ask) {
      case 'setUp':
        return contender.setUp()
      case 'prepare':
        return contender.prepare(asked.calls)
      case 'run':
        return contender.run()
      case 'forget':
        return contender.forget()
      case 'finish':
        return contender.finish()
    }
  }

  process.on('message', async (asked: Ask) => {
    const reply: Reply = await carryOut(asked).then(
      (answer) => ({ answer }),
      (error: unknown) => ({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    )
    process.send?.(reply)
    if (asked.ask === 'finish') process.disconnect()
  })
}
