import { fail } from 'node:assert/strict'
import type { Exchange } from 'escrow-ledger'
import type { GatewayCases, GatewaySubject } from './gateway-case.js'
import { done, isOneOf } from './outcomes.js'

/** That each request and its answer is recorded, as it went over the wire but for what gives access. */
export const recording: GatewayCases = {
  'records each request with its answer': async (subject) => {
    const call = await subject.newCall('order')
    const { reference } = done(await subject.send(call))
    const made = subject.exchanges.find(({ method, request }) => method === 'POST' && request?.includes(call.key))
    if (made === undefined) return fail('the request that made the order was not recorded')
    const { status, answer, error, at } = made
    if (status === null || status < 200 || status > 299 || !answer?.includes(reference)) fail(JSON.stringify(made))
    if (error !== null || at !== subject.harness.now()) fail(JSON.stringify(made))
  },

  'records a request that nobody answered, with what went wrong': async (subject) => {
    const call = await subject.newCall('order')
    subject.harness.plan('answer lost', { kind: 'order', verb: 'send' })
    isOneOf(await subject.send(call), ['unknown', 'accepted', 'processed'])
    const made = subject.exchanges.find(({ request, status }) => request?.includes(call.key) && status === null)
    if (made === undefined) return fail('the request that nobody answered was not recorded')
    if (made.answer !== null || made.error === null || made.error.trim() === '') fail(JSON.stringify(made))
  },

  'records what the gateway said when it refused': async (subject) => {
    const call = await subject.newRefusable('order')
    const outcome = await subject.send(call)
    if (outcome.outcome !== 'refused') return fail(`the order was ${outcome.outcome}`)
    const { code } = outcome
    const made = subject.exchanges.find(({ status, answer }) => (status ?? 0) >= 400 && answer?.includes(code))
    if (made === undefined) fail(`no recorded answer has ${code}`)
  },
}

/** Asserts, after each case, that all that reached the gateway was recorded, and no record gives access to anything. */
export function checkRecords({ harness, exchanges }: GatewaySubject): void {
  const left = exchanges.map(lineOf)
  for (const { method, path } of harness.requests()) {
    const index = left.indexOf(`${method} ${path}`)
    if (index === -1) fail(`${method} ${path} reached the gateway and was not recorded`)
    left.splice(index, 1)
  }
  for (const exchange of exchanges) {
    const told = JSON.stringify(exchange)
    const secret = harness.secrets.find((each) => told.includes(each))
    if (secret !== undefined) fail(`the record of ${lineOf(exchange)} has a secret in it`)
    if (/\b(bearer|basic) [\w+/=-]{8,}/i.test(told)) fail(`the record of ${lineOf(exchange)} has credentials in it`)
    if (!exchange.path.startsWith('/')) fail(`${exchange.path} is no path`)
  }
}

const lineOf = ({ method, path }: Exchange): string => `${method} ${path}`
