import { readFileSync } from 'node:fs'
import { createPrometheusEndpoint } from '@escrow-ledger/http/prometheus'
import { createTelemetry } from '@escrow-ledger/http/telemetry'
import { createWorker, type Gateway, money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { DAY, openServer, paidSession } from './fixtures/open-server.js'

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly for: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary: string; readonly action: string }
}

interface Panel {
  readonly title: string
  readonly description: string
  readonly gridPos: { readonly x: number; readonly w: number }
  readonly targets: readonly { readonly expr: string }[]
}

const fileOf = (name: string) => readFileSync(new URL(`../operation/${name}`, import.meta.url), 'utf8')

const { groups } = parse(fileOf('alerts.yml')) as { groups: readonly { readonly rules: readonly Rule[] }[] }
const rules = groups.flatMap((group) => group.rules)
const dashboard = JSON.parse(fileOf('dashboard.json')) as { readonly panels: readonly Panel[] }
const expressions = dashboard.panels.flatMap((panel) => panel.targets.map(({ expr }) => [panel.title, expr] as const))

/** Names of metrics and of labels that an expression uses; the latter stand in braces or after `by`. */
function namesIn(expr: string): { readonly metrics: readonly string[]; readonly labels: readonly string[] } {
  const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(',').map((each) => each.trim()),
  )
  const matched = [...expr.matchAll(/\{([^}]*)\}/g)].flatMap(([, inner = '']) =>
    [...inner.matchAll(/(\w+)(?:=|!)/g)].map(([, name = '']) => name),
  )
  const bare = expr.replace(/by \([^)]*\)/g, '').replace(/\{[^}]*\}/g, '')
  const metrics = [...bare.matchAll(/\b(?:escrow_ledger|http_server)_\w+/g)].map(([name]) => name)
  return { metrics, labels: [...grouped, ...matched] }
}

/** What the endpoint serves after everything that is measured has happened. */
async function serveAll(): Promise<string> {
  const endpoint = createPrometheusEndpoint({ open: true })
  const telemetry = createTelemetry({ meterProvider: endpoint.meterProvider })
  const mute: Gateway = {
    operations: { payout: { resendWindowMs: null, askedBy: null, absenceIsFinal: false } },
    send: async () => ({ outcome: 'unknown', reason: 'no answer' }),
    ask: async () => ({ outcome: 'unknown', reason: 'no answer' }),
  }
  const { ask, ledger, clock } = await openServer({
    observers: [telemetry.httpObserver],
    observer: telemetry.ledgerObserver,
    gateways: { razorpay: mute },
  })
  const worker = createWorker(ledger, { manual: true })
  telemetry.watch(ledger, { worker })
  await paidSession({ ledger })
  const again = { id: 's1', amount: money('7.00', 'INR'), gateway: 'razorpay', reference: 'pay_twice' }
  await ledger.escrows.fund(again)
  await ledger.escrows.complete({ id: 's1' })
  clock.now += DAY
  await ledger.settlements.run()
  await ledger.payouts.request({ id: 'p', payee: 'priya', amount: money('10.00', 'INR'), gateway: 'razorpay' })
  await worker.runOnce()
  await paidSession({ ledger }, 's2')
  await ledger.escrows.complete({ id: 's2' })
  clock.now += 2 * DAY
  await ledger.escrows.settle({ id: 'nobody' }).catch(() => {})
  await ask({ path: '/sessions/s1' })
  return (await endpoint.handler(new Request('http://localhost/metrics'))).text()
}

interface Served {
  readonly metrics: ReadonlySet<string>
  readonly labels: ReadonlySet<string>
}

let served: Promise<Served> | null = null

/** Names of what is served, found out by the first test that asks. */
function servedNames(): Promise<Served> {
  served ??= serveAll().then((text) => {
    const lines = text.split('\n').filter((line) => !line.startsWith('#'))
    return {
      metrics: new Set(lines.map((line) => /^\w+/.exec(line)?.[0] ?? '')),
      labels: new Set(lines.flatMap((line) => [...line.matchAll(/(\w+)="/g)].map(([, name = '']) => name))),
    }
  })
  return served
}

async function expectServed(expr: string): Promise<void> {
  const { metrics, labels } = await servedNames()
  const used = namesIn(expr)
  expect(used.metrics.length).toBeGreaterThan(0)
  expect(used.metrics.filter((name) => !metrics.has(name))).toEqual([])
  expect(used.labels.filter((name) => !labels.has(name))).toEqual([])
}

describe('alert rules', () => {
  test.each(rules.map((rule) => [rule.alert, rule] as const))('%s rests on metrics that are served', (_, { expr }) =>
    expectServed(expr),
  )

  test.each(rules.map((rule) => [rule.alert, rule] as const))('%s says how bad it is and what to do', (_, rule) => {
    expect(['warning', 'critical']).toContain(rule.labels.severity)
    expect(rule.for).toMatch(/^\d+[smhd]$/)
    expect(rule.annotations.summary.length).toBeGreaterThan(20)
    expect(rule.annotations.action.length).toBeGreaterThan(40)
    const named = [...rule.annotations.summary.matchAll(/\$labels\.(\w+)/g)].map(([, name = '']) => name)
    expect(named.filter((name) => !rule.expr.includes(name))).toEqual([])
  })

  test('have names of their own', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
  })
})

describe('the dashboard', () => {
  test.each(expressions)('%s rests on metrics that are served: %s', (_, expr) => expectServed(expr))

  test('shows every gauge of the books', async () => {
    const { metrics } = await servedNames()
    const shown = expressions.map(([, expr]) => expr).join('\n')
    const gauges = [...metrics].filter(
      (name) => name.startsWith('escrow_ledger_') && !/_(bucket|sum|count|total)$/.test(name),
    )
    expect(gauges.length).toBeGreaterThan(9)
    expect(gauges.filter((name) => !shown.includes(name))).toEqual([])
  })

  test('has panels that lie in its grid and say what they show', () => {
    for (const { gridPos, description } of dashboard.panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
      expect(description.length).toBeGreaterThan(5)
    }
  })
})
