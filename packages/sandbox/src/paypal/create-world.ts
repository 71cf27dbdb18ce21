import { createBalanceSheet } from '../world/balance-sheet.js'
import type { World } from '../world/world.js'
import { createJournal } from './journal.js'
import type { Merchant } from './merchant.js'
import { type PayPalWorld, pockets } from './paypal-world.js'
import { createRequestKeys } from './request-keys.js'
import type { PayPalSettings } from './settings.js'
import { tellEvent } from './tell-event.js'
import type { WebhookSigner } from './webhook-signer.js'

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const merchantLetters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'

/** A PayPal that holds the platform's account and what it was given at the start. */
export function createPayPalWorld(
  { clock, newId, schedule, deliver }: World,
  given: { readonly settings: PayPalSettings; readonly signer: WebhookSigner; baseUrl(): string },
): PayPalWorld {
  const { settings, signer, baseUrl } = given
  const sheet = createBalanceSheet()
  const own = ['balance', 'held', 'disputed', 'payouts'] as const
  const world: PayPalWorld = {
    ...{ settings, schedule, baseUrl, sheet },
    now: clock.now,
    newId: (length = 17) => newId('', length, letters),
    newMerchantId: () => newId('', 13, merchantLetters),
    tell: (event) => tellEvent(world, deliver, signer, event),
    journal: createJournal(clock.now, (merchantId, currency) =>
      own.reduce((total, pocket) => total + sheet.balance(pockets[pocket](merchantId), currency), 0n),
    ),
    keys: createRequestKeys(clock.now),
    orders: new Map(),
    authorizations: new Map(),
    captures: new Map(),
    refunds: new Map(),
    disbursements: new Map(),
    payoutBatches: new Map(),
    payoutItems: new Map(),
    payoutOutcomes: new Map(),
    merchants: new Map([[settings.merchantId, platformAccount(settings)]]),
    referrals: new Map(),
    disputes: new Map(),
    webhooks: new Map([
      [settings.webhookId, { id: settings.webhookId, url: 'https://sandbox.example/webhooks', eventTypes: ['*'] }],
    ]),
    events: new Map(),
  }
  for (const [currency, amountMinor] of Object.entries(settings.openingBalances))
    topUp(world, { currency, amountMinor })
  return world
}

const platformAccount = ({ merchantId, email, primaryCurrency }: PayPalSettings): Merchant => ({
  ...{ merchantId, email, primaryCurrency },
  paymentsReceivable: true,
  emailConfirmed: true,
  consent: true,
})

interface Transfer {
  readonly currency: string
  readonly amountMinor: bigint
  /** The platform's account unless given. */
  readonly merchantId?: string | undefined
}

/** Money comes from the account's bank. */
export function topUp(
  world: PayPalWorld,
  { currency, amountMinor, merchantId = world.settings.merchantId }: Transfer,
): void {
  world.sheet.move({ from: pockets.banks, to: pockets.balance(merchantId), currency, amountMinor })
  const amount = { currency, minor: amountMinor }
  world.journal.add({ merchantId, transactionId: world.newId(), code: 'T0300', amount })
}

/** Money goes to the account's bank. Throws `PocketEmpty` when it is not there. */
export function withdraw(
  world: PayPalWorld,
  { currency, amountMinor, merchantId = world.settings.merchantId }: Transfer,
): void {
  world.sheet.move({ from: pockets.balance(merchantId), to: pockets.banks, currency, amountMinor })
  const amount = { currency, minor: -amountMinor }
  world.journal.add({ merchantId, transactionId: world.newId(), code: 'T0400', amount })
}
