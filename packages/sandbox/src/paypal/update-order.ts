import type { Operation } from '../http/operation.js'
import { type Fields, readFields } from './fields.js'
import { findOrder, type Order } from './order.js'
import type { PayPalWorld } from './paypal-world.js'
import type { PurchaseUnit } from './purchase-unit.js'
import { malformed, unprocessable } from './refusal.js'

/** Changes the texts and the amount of a purchase unit, until the order is completed. Other fields are not patched here. */
export const updateOrder = (world: PayPalWorld): Operation => ({
  name: 'updateOrder',
  method: 'PATCH',
  path: '/v2/checkout/orders/:id',
  handle(request) {
    const order = findOrder(world, request.params.id)
    const patches = readFields({ patches: request.json() }).list('patches', { min: 1, max: 100 })
    if (patches === undefined) throw malformed('MALFORMED_REQUEST_JSON')
    if (order.status === 'COMPLETED') throw unprocessable('ORDER_ALREADY_COMPLETED')
    const changes = patches.map((patch) => readPatch(order, patch))
    for (const change of changes) change()
    order.updatedAt = world.now()
    return { status: 204 }
  },
})

const texts = {
  custom_id: ['customId', 127],
  invoice_id: ['invoiceId', 127],
  description: ['description', 127],
  soft_descriptor: ['softDescriptor', 22],
} as const

const path = /^\/purchase_units\/@reference_id=='([^']*)'\/(\w+)$/

/** What a patch changes, done once all of them are in order. */
function readPatch(order: Order, patch: Fields): () => void {
  const op = patch.requiredText('op', { oneOf: ['add', 'remove', 'replace'] })
  const where = patch.requiredText('path')
  const [, reference, field = ''] = path.exec(where) ?? []
  const unit = order.units.find(({ referenceId }) => referenceId === reference)
  if (reference === undefined) throw malformed('FIELD_NOT_PATCHABLE', { field: where })
  if (unit === undefined) throw unprocessable('REFERENCE_ID_NOT_FOUND', { field: where, location: 'body' })
  if (field === 'amount' && op === 'replace') return amountChange(order, unit, patch)
  if (!Object.hasOwn(texts, field)) throw malformed('FIELD_NOT_PATCHABLE', { field: where })
  const [name, max] = texts[field as keyof typeof texts]
  if ((op === 'add') !== (unit[name] === undefined)) throw malformed('INVALID_PATCH_OPERATION', { field: where })
  const value = op === 'remove' ? undefined : patch.requiredText('value', { max })
  return () => {
    unit[name] = value
  }
}

function amountChange(order: Order, unit: PurchaseUnit, patch: Fields): () => void {
  const amount = patch.requiredAmount('value')
  if (order.units.some((each) => each.amount.currency !== amount.currency)) {
    throw unprocessable('MULTI_CURRENCY_ORDER', { field: patch.at, location: 'body' })
  }
  const fee = unit.instruction.platformFee?.amount.minor ?? 0n
  if (fee > amount.minor) throw unprocessable('INVALID_PLATFORM_FEES_AMOUNT', { field: patch.at, location: 'body' })
  return () => {
    unit.amount = amount
    unit.breakdown = patch.object('value')?.object('breakdown')?.raw
  }
}
