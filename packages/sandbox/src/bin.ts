#!/usr/bin/env node
import { createSandbox } from './sandbox.js'

const sandbox = await createSandbox()
process.stdout.write(`Razorpay: ${sandbox.razorpay.url}\n`)
process.stdout.write(`PayPal: ${sandbox.paypal.url}\n`)
