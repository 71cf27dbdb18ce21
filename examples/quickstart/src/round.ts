import type { Worker } from 'escrow-ledger'

/** One round of a worker. It tells of failures by its health, and would try again; in the demo nothing should fail. */
export async function round(worker: Worker): Promise<void> {
  const { tasks } = await worker.runOnce()
  for (const { task, lastError } of tasks) {
    if (lastError !== null) throw new Error(`The worker's task ${task} failed: ${lastError}`)
  }
}
