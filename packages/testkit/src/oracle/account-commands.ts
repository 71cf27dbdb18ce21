import { accountKey, type Books, balanceOf, chartAccount } from './books.js'
import { type AccountType, accountTypes, chartRule } from './chart.js'
import { type Command, readAnyAmount } from './command.js'
import { optional, readCode, readCurrency } from './read-input.js'
import { Refusal, refuseIf } from './refusal.js'

export const open: Command = (input, books) => {
  const code = readCode(input.code)
  const currency = readCurrency(books.settings.exponents, input.currency)
  const type = optional(input.type, readType)
  const limit = (value: unknown): bigint => {
    const amount = readAnyAmount(books, value)
    refuseIf(amount.currency !== currency, 'invalid_input')
    return amount.minor
  }
  const floor = optional(input.floor, limit)
  const ceiling = optional(input.ceiling, limit)
  const rule = chartRule(code)
  if (!rule) {
    refuseIf(type === undefined, 'invalid_input')
    refuseIf((floor ?? 0n) > 0n || (ceiling ?? 0n) < 0n, 'invalid_input')
  }
  return () => {
    const otherwise = (type !== undefined && type !== rule?.type) || floor !== undefined || ceiling !== undefined
    refuseIf(rule !== undefined && otherwise, 'account_reserved')
    refuseIf(books.accounts.has(accountKey(code, currency)), 'account_exists')
    refuseIf(books.closed.has(code), 'account_closed')
    const limits = { ...(floor === undefined ? {} : { floor }), ...(ceiling === undefined ? {} : { ceiling }) }
    const account = rule ? chartAccount(rule, code, currency) : { code, currency, type: type ?? 'asset', ...limits }
    books.accounts.set(accountKey(code, currency), account)
    return { entries: [] }
  }
}

export const freeze: Command = (input, books) => {
  const code = readCode(input.code)
  const what = input.what ?? 'debits'
  if (what !== 'debits' && what !== 'all') throw new Refusal('invalid_input')
  return () => {
    refuseIf(isSuspense(code), 'account_reserved')
    refuseMissingOrClosed(books, code)
    books.frozen.set(code, what)
    return { entries: [] }
  }
}

export const unfreeze: Command = (input, books) => {
  const code = readCode(input.code)
  return () => {
    refuseMissingOrClosed(books, code)
    books.frozen.delete(code)
    return { entries: [] }
  }
}

export const close: Command = (input, books) => {
  const code = readCode(input.code)
  return () => {
    refuseIf(isSuspense(code), 'account_reserved')
    refuseMissingOrClosed(books, code)
    for (const { currency } of accountsOf(books, code)) {
      refuseIf(balanceOf(books, code, currency) !== 0n, 'account_not_empty')
    }
    books.closed.add(code)
    return { entries: [] }
  }
}

/** Facts must always have somewhere to go, so `suspense:*` is never frozen or closed. */
const isSuspense = (code: string): boolean => code.startsWith('suspense:')

/** The accounts of a code, one for each of its currencies. */
const accountsOf = (books: Books, code: string) => [...books.accounts.values()].filter((each) => each.code === code)

function refuseMissingOrClosed(books: Books, code: string): void {
  refuseIf(accountsOf(books, code).length === 0, 'account_not_found')
  refuseIf(books.closed.has(code), 'account_closed')
}

function readType(value: unknown): AccountType {
  const type = accountTypes.find((each) => each === value)
  if (!type) throw new Refusal('invalid_input')
  return type
}
