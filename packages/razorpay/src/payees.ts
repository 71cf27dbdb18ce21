import type { CallContext, Gateway, PayeeAccount, PayeeDetails } from 'escrow-ledger'
import type { Answer } from './answer.js'
import type { RazorpayClient } from './client.js'
import { idOf } from './ids.js'
import { isNotFound } from './outcome.js'
import { accountOf } from './payee-state.js'
import { RazorpayError } from './razorpay-error.js'

/**
 * What `PayeeDetails.details` may hold, in Razorpay's own words:
 * https://razorpay.com/docs/api/payments/route/create-linked-account
 */
export interface RazorpayPayeeDetails {
  /** Of the account: `business_type`, `profile` (Razorpay wants both), `legal_info` … */
  readonly account?: Readonly<Record<string, unknown>> | undefined
  /** The person behind it, with `kyc.pan`. */
  readonly stakeholder?: Readonly<Record<string, unknown>> | undefined
  /** The bank account that it is settled to: `account_number`, `ifsc_code`, `beneficiary_name`. */
  readonly settlements?: Readonly<Record<string, unknown>> | undefined
}

/**
 * Linked accounts of Route. Taking up a payee again goes on where it stopped; so it does after something was missing. The
 * account's notes keep the payee and the id of its Route product, which Razorpay does not list.
 */
export function createPayees(client: RazorpayClient): NonNullable<Gateway['payees']> {
  return {
    async onboard(payee, context) {
      const details: RazorpayPayeeDetails = payee.details ?? {}
      const account = await createAccount(client, payee, context)
      const id = idOf('linkedAccount', account.text('id'))
      const product = await routeProduct(client, account, context)
      await addStakeholder(client, { id, payee, details }, context)
      const { settlements } = details
      if (settlements) {
        const change = { settlements, tnc_accepted: true } as never
        await client.call(context, (sdk) => sdk.products.edit(id, product, change))
      }
      return accountOf(account, await client.call(context, (sdk) => sdk.products.fetch(id, product)))
    },
    fetch: (reference, context) => fetchPayee(client, reference, context),
  }
}

async function fetchPayee(
  client: RazorpayClient,
  reference: string,
  context: CallContext,
): Promise<PayeeAccount | null> {
  const id = idOf('linkedAccount', reference)
  try {
    const account = await client.call(context, (sdk) => sdk.accounts.fetch(id))
    const noted = account.part('notes').optionalText('route_product')
    if (noted === null) return accountOf(account, null)
    const product = idOf('product', noted)
    return accountOf(account, await client.call(context, (sdk) => sdk.products.fetch(id, product)))
  } catch (error) {
    if (isNotFound(error)) return null
    throw error
  }
}

async function createAccount(client: RazorpayClient, payee: PayeeDetails, context: CallContext): Promise<Answer> {
  const { name, email, phone } = payee
  const details: RazorpayPayeeDetails = payee.details ?? {}
  const account = {
    ...{ type: 'route', email, phone, legal_business_name: name, contact_name: name, business_type: 'individual' },
    ...details.account,
    notes: { payee: payee.payee },
  }
  try {
    return await client.call(context, (sdk) => sdk.accounts.create(account as never))
  } catch (error) {
    const known = await accountBefore(client, { error, payee }, context)
    if (known) return known
    throw error
  }
}

/** `Merchant email already exists for account - GRWKk7qQsLnDjX`: it is this payee's if its notes say so. */
async function accountBefore(
  client: RazorpayClient,
  { error, payee }: { readonly error: unknown; readonly payee: PayeeDetails },
  context: CallContext,
): Promise<Answer | null> {
  if (!(error instanceof RazorpayError)) return null
  const [, bare] = /already exists for account\W+(?:acc_)?([0-9A-Za-z]{14})/.exec(error.message) ?? []
  if (bare === undefined) return null
  const account = await client.call(context, (sdk) => sdk.accounts.fetch(idOf('linkedAccount', `acc_${bare}`)))
  return account.part('notes').optionalText('payee') === payee.payee ? account : null
}

/** The id of the account's Route product, which is asked for once and noted with the account. */
async function routeProduct(client: RazorpayClient, account: Answer, context: CallContext): Promise<string> {
  const notes = account.part('notes')
  const noted = notes.optionalText('route_product')
  if (noted !== null) return idOf('product', noted)
  const id = idOf('linkedAccount', account.text('id'))
  const asked = { product_name: 'route', tnc_accepted: true } as const
  const product = await client.call(context, (sdk) => sdk.products.requestProductConfiguration(id, asked))
  const kept = { payee: notes.text('payee'), route_product: product.text('id') }
  await client.call(context, (sdk) => sdk.accounts.edit(id, { notes: kept } as never))
  return idOf('product', product.text('id'))
}

async function addStakeholder(
  client: RazorpayClient,
  of: { readonly id: string; readonly payee: PayeeDetails; readonly details: RazorpayPayeeDetails },
  context: CallContext,
): Promise<void> {
  const { id, payee, details } = of
  if (!details.stakeholder) return
  const stakeholder = { name: payee.name, email: payee.email, ...details.stakeholder } as never
  const [known] = (await client.call(context, (sdk) => sdk.stakeholders.all(id))).items()
  await client.call(context, (sdk) =>
    known ? sdk.stakeholders.edit(id, known.text('id'), stakeholder) : sdk.stakeholders.create(id, stakeholder),
  )
}
