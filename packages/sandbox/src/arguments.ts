import { parseArgs } from 'node:util'
import { isReceiverAddress } from './webhooks/receiver-address.js'

export const help = `Starts servers on this machine that stand in for Razorpay and PayPal.

  escrow-ledger-sandbox [options]

  --razorpay-port N   the port of Razorpay, 4010 unless given; 0 takes any
  --paypal-port N     the port of PayPal, 4011 unless given; 0 takes any
  --webhooks URL      where webhooks are delivered
  --clock real|manual whether time passes by itself (real, the default) or only on the page and by /sandbox/clock
  --seed TEXT         ids are the same in every run with the same seed
  --help              this text
`

export interface Arguments {
  readonly port: { readonly razorpay: number; readonly paypal: number }
  /** Null where webhooks stay until an address is named. */
  readonly webhooks: string | null
  readonly clock: 'real' | 'manual'
  /** Null for other ids in every run. */
  readonly seed: string | null
}

/** Something about the command line that its user can put right, in one line. */
export class UsageError extends Error {}

/** Reads the command line; null when it asks for help. Throws `UsageError`. */
export function readArguments(args: readonly string[]): Arguments | null {
  const values = parse(args)
  if (values.help) return null
  const port = { razorpay: readPort(values, 'razorpay-port'), paypal: readPort(values, 'paypal-port') }
  if (port.razorpay !== 0 && port.razorpay === port.paypal) {
    throw new UsageError('--razorpay-port and --paypal-port must be different.')
  }
  const { webhooks = null, seed = null } = values
  if (webhooks !== null && !isReceiverAddress(webhooks)) {
    throw new UsageError(`--webhooks must be an http or https address, not '${webhooks}'.`)
  }
  return { port, webhooks, clock: readClock(values.clock), seed }
}

function parse(args: readonly string[]) {
  const options = {
    'razorpay-port': { type: 'string', default: '4010' },
    'paypal-port': { type: 'string', default: '4011' },
    webhooks: { type: 'string' },
    clock: { type: 'string', default: 'real' },
    seed: { type: 'string' },
    help: { type: 'boolean', default: false },
  } as const
  try {
    const { values } = parseArgs({ args: [...args], options })
    for (const [name, value] of Object.entries(values)) {
      if (value === '') throw new UsageError(`Option '--${name}' needs a value.`)
    }
    return values
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(`${inOneLine((error as Error).message)}.`)
  }
}

/** As Node words it: in several lines where an option stands in the place of a value, with or without a full stop. */
const inOneLine = (message: string): string => message.replaceAll('\n', ' ').replace(/\.$/, '')

function readPort(values: Readonly<Record<PortOption, string>>, name: PortOption): number {
  const text = values[name]
  const port = Number(text)
  if (/^\d+$/.test(text) && port < 65_536) return port
  throw new UsageError(`--${name} must be a port from 0 to 65535, not '${text}'.`)
}

type PortOption = 'razorpay-port' | 'paypal-port'

function readClock(text: string): Arguments['clock'] {
  if (text === 'real' || text === 'manual') return text
  throw new UsageError(`--clock must be real or manual, not '${text}'.`)
}

/** A port that could not be listened on, as something that the command line can put right; any other error as it is. */
export function explainPort(error: unknown, port: Arguments['port']): unknown {
  if (!isListening(error)) return error
  const option = error.port === port.razorpay ? '--razorpay-port' : '--paypal-port'
  const why = error.code === 'EADDRINUSE' ? `port ${error.port} is in use` : error.message
  return new UsageError(`${option}: ${why}. Choose another, or 0 for any.`)
}

const isListening = (error: unknown): error is NodeJS.ErrnoException & { readonly port: number } =>
  error instanceof Error && 'syscall' in error && error.syscall === 'listen' && 'port' in error
