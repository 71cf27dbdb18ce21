import type { Contender, ContenderKind } from './contender.js'
import { storageNamed } from './storages.js'
import { workloadNamed } from './workloads/index.js'

/** Who a process is to be in a race, and where. */
export interface Part {
  readonly storage: string
  readonly kind: ContenderKind
  readonly workload: string
  readonly place: string
}

/** What the race asks of a contender's process. */
export type Ask =
  | ({ readonly ask: 'setUp' } & Part)
  | { readonly ask: 'prepare'; readonly calls: number }
  | { readonly ask: 'run' }
  | { readonly ask: 'forget' }
  | { readonly ask: 'finish' }

export type Reply = { readonly answer: unknown } | { readonly failure: string }

/** The process of one contender: does what it is asked, one thing after another, until it has finished. */
export function contend(): void {
  let known: Contender | undefined

  function contender(): Contender {
    if (known === undefined) throw new Error('A contender was asked for something before it was set up.')
    return known
  }

  async function carryOut(asked: Ask): Promise<unknown> {
    switch (asked.ask) {
      case 'setUp':
        known = storageNamed(asked.storage).contenders[asked.kind]({
          workload: workloadNamed(asked.workload),
          place: asked.place,
        })
        return known.setUp()
      case 'prepare':
        return contender().prepare(asked.calls)
      case 'run':
        return contender().run()
      case 'forget':
        return contender().forget()
      case 'finish':
        return contender().finish()
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
  // Whoever asked is gone: nobody will ask for anything more.
  process.on('disconnect', () => process.exit())
}
