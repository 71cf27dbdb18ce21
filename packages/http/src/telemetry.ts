import { type MeterProvider, metrics, type TracerProvider, trace } from '@opentelemetry/api'
import type { LedgerObserver } from 'escrow-ledger'
import type { Observer } from './observer.js'
import { createHttpObserver } from './telemetry/http-observer.js'
import { createLedgerObserver } from './telemetry/ledger-observer.js'
import { createWatch, type Watch } from './telemetry/watch.js'

export type { Watch, Watched, WatchOptions } from './telemetry/watch.js'

export interface TelemetryOptions {
  /** Where metrics go; the one that the host has set for the whole process unless it is given. */
  readonly meterProvider?: MeterProvider | undefined
  /** Where spans go; the one that the host has set for the whole process unless it is given. */
  readonly tracerProvider?: TracerProvider | undefined
}

/** Metrics and traces by OpenTelemetry. Without an SDK in the process everything is done and nothing is kept. */
export interface Telemetry {
  /** For `createLedger({ observer })`. */
  readonly ledgerObserver: LedgerObserver
  /** For `createHandler({ observers: [] })`. */
  readonly httpObserver: Observer
  /** Registers gauges that are read from a ledger's books when metrics are collected. */
  readonly watch: Watch
}

/**
 * One for each process. Metrics count things and never tell money: a gauge is a double, which does not hold every amount.
 * Spans and metrics hold neither credentials nor bodies; spans hold the principal's id and the ids of entries.
 */
export function createTelemetry(options: TelemetryOptions = {}): Telemetry {
  const { meterProvider = metrics.getMeterProvider(), tracerProvider = trace.getTracerProvider() } = options
  const meter = meterProvider.getMeter('@escrow-ledger/http')
  const tracer = tracerProvider.getTracer('@escrow-ledger/http')
  return {
    ledgerObserver: createLedgerObserver(meter),
    httpObserver: createHttpObserver({ meter, tracer }),
    watch: createWatch(meter),
  }
}
