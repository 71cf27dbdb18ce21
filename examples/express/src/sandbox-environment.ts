import { randomBytes } from 'node:crypto'
import type { Sandbox } from '@escrow-ledger/sandbox'

type Env = Readonly<Record<string, string | undefined>>

/**
 * The environment as `readConfig` wants it, with the example's own in place of what the example starts itself: the sandbox
 * for Razorpay, tokens for an identity provider, and a database where none is named. Razorpay's variables are replaced
 * even where they are set, so that no key of an account is used here. With an account, hand `process.env` to `readConfig`.
 */
export function sandboxEnvironment(
  env: Env,
  { razorpay, databaseUrl }: Pick<Sandbox, 'razorpay'> & { readonly databaseUrl: string },
): Env {
  return {
    ...env,
    DATABASE_URL: env.DATABASE_URL?.trim() || databaseUrl,
    RAZORPAY_ENVIRONMENT: 'test',
    RAZORPAY_KEY_ID: razorpay.keyId,
    RAZORPAY_KEY_SECRET: razorpay.keySecret,
    RAZORPAY_WEBHOOK_SECRETS: razorpay.webhookSecret,
    RAZORPAY_PAYOUTS_ACCOUNT_NUMBER: razorpay.accountNumber,
    RAZORPAY_BASE_URL: razorpay.url,
    API_KEY_PEPPER: env.API_KEY_PEPPER?.trim() || randomBytes(32).toString('base64'),
  }
}
