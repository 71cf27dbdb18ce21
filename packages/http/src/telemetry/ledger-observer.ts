import type { Meter } from '@opentelemetry/api'
import { trace } from '@opentelemetry/api'
import type { CommandTold, LedgerObserver } from 'escrow-ledger'
import { durationsOf } from './durations.js'

const sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024]

/** Metrics of the engine. Books are no attribute, since there may be one a tenant. */
export function createLedgerObserver(meter: Meter): LedgerObserver {
  const commands = durationsOf(meter, 'escrow_ledger.command.duration', 'From the call of a command to its answer.')
  const waits = durationsOf(meter, 'escrow_ledger.command.wait', 'From the call of a command to its unit of work.')
  const units = durationsOf(meter, 'escrow_ledger.unit_of_work.duration', 'Units of work, with their COMMIT.')
  const batchSizes = meter.createHistogram('escrow_ledger.batch.size', {
    description: 'Commands in one unit of work.',
    unit: '{command}',
    advice: { explicitBucketBoundaries: sizes },
  })
  const calls = meter.createCounter('escrow_ledger.gateway.calls', {
    description: 'Calls of gateways, by what they came to.',
    unit: '{call}',
  })
  const callTimes = durationsOf(meter, 'escrow_ledger.gateway.call.duration', 'Calls of gateways, with their wait.')
  const queues = createQueueLengths(meter)

  return {
    command(told) {
      const { command, outcome, code } = told
      const attributes = {
        'escrow_ledger.command': command,
        'escrow_ledger.outcome': outcome,
        ...(code === null ? {} : { 'error.type': code }),
      }
      commands.record(told.ms / 1_000, attributes)
      waits.record(told.waitedMs / 1_000, { 'escrow_ledger.command': command })
      noteInTrace(told)
    },
    batch({ commands: count, path, outcome, ms }) {
      batchSizes.record(count, { 'escrow_ledger.path': path })
      units.record(ms / 1_000, { 'escrow_ledger.path': path, 'escrow_ledger.outcome': outcome })
    },
    queue: ({ book, length }) => queues.set(book, length),
    gatewayCall({ gateway, kind, call, outcome, heldBack, ms }) {
      const attributes = {
        'escrow_ledger.gateway': gateway,
        'escrow_ledger.kind': kind,
        'escrow_ledger.call': call,
        'escrow_ledger.outcome': outcome,
      }
      calls.add(1, { ...attributes, 'escrow_ledger.held_back': heldBack })
      if (ms !== null && !heldBack) callTimes.record(ms / 1_000, attributes)
    },
  }
}

/** An event of the span in which the command was called, where the host's SDK keeps track of that. */
function noteInTrace({ command, outcome, code, waitedMs, ms }: CommandTold): void {
  trace.getActiveSpan()?.addEvent('escrow_ledger.command', {
    'escrow_ledger.command': command,
    'escrow_ledger.outcome': outcome,
    'escrow_ledger.waited_ms': waitedMs,
    'escrow_ledger.ms': ms,
    ...(code === null ? {} : { 'error.type': code }),
  })
}

/** What waits in all books together. */
function createQueueLengths(meter: Meter) {
  const lengths = new Map<string, number>()
  const gauge = meter.createObservableGauge('escrow_ledger.queue.length', {
    description: 'Commands that wait for a unit of work.',
    unit: '{command}',
  })
  gauge.addCallback((result) => result.observe([...lengths.values()].reduce((sum, length) => sum + length, 0)))
  return {
    set(book: string, length: number) {
      if (length === 0) lengths.delete(book)
      else lengths.set(book, length)
    },
  }
}
