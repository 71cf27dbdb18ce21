import type { Histogram, Meter } from '@opentelemetry/api'

/** The bounds that the semantic conventions give for HTTP, with finer ones for what stays inside the process. */
const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30]

/** A histogram of seconds, as the conventions have it. */
export function durationsOf(meter: Meter, name: string, description: string): Histogram {
  const advice = { explicitBucketBoundaries: seconds }
  return meter.createHistogram(name, { description, unit: 's', advice })
}
