import { suspendAccount, tellAccount } from './accounts.js'
import type { Desk } from './desk.js'
import { requirementsOf } from './product-entity.js'
import { activate, addProduct, changeStatus } from './products.js'
import type { Product } from './records.js'

const productOf = (desk: Desk, accountId: string): Product => {
  const { id } = desk.store.accounts.get(accountId)
  const [product] = desk.store.products.where(({ accountId: owner, name }) => owner === id && name === 'route')
  return product ?? addProduct(desk, { accountId: id, name: 'route', accepted: true })
}

/** Razorpay approves an account for Route, whatever is missing. */
export function activateAccount(desk: Desk, accountId: string): void {
  activate(desk, productOf(desk, accountId))
  tellAccount(desk, 'account.activated', desk.store.accounts.get(accountId))
}

/** Razorpay asks about a field of an account; until the product is updated, no transfer can be made to it. */
export function askAccount(desk: Desk, accountId: string, field: string): void {
  const product = productOf(desk, accountId)
  product.questions = [...product.questions, field]
  changeStatus(desk, product, 'needs_clarification', requirementsOf(desk.store, product))
  tellAccount(desk, 'account.needs_clarification', desk.store.accounts.get(accountId))
}

export function rejectAccount(desk: Desk, accountId: string): void {
  changeStatus(desk, productOf(desk, accountId), 'rejected', [])
  tellAccount(desk, 'account.rejected', desk.store.accounts.get(accountId))
}

export const suspendAccountById = (desk: Desk, accountId: string): void =>
  suspendAccount(desk, desk.store.accounts.get(accountId))
