import { randomBytes } from 'node:crypto'
import type { Sandbox } from '@escrow-ledger/sandbox'

type Env = Readonly<Record<string, string | undefined>>

/**
 * The environment as `readConfig` wants it, with the example's own in place of what the example starts itself: the sandbox
 * for PayPal, and a file. PayPal's variables are replaced even where they are set, so that no credentials of an account
 * are used here. With an account, hand `process.env` to `readConfig`.
 */
export function sandboxEnvironment(
  env: Env,
  { paypal, filename }: Pick<Sandbox, 'paypal'> & { readonly filename: string },
): Env {
  return {
    ...env,
    DATABASE_URL: undefined,
    SQLITE_FILE: filename,
    PAYPAL_ENVIRONMENT: 'sandbox',
    PAYPAL_CLIENT_ID: paypal.clientId,
    PAYPAL_CLIENT_SECRET: paypal.clientSecret,
    PAYPAL_WEBHOOK_ID: paypal.webhookId,
    PAYPAL_BASE_URL: paypal.url,
    PORT: env.PORT?.trim() || '3001',
    API_KEY_PEPPER: env.API_KEY_PEPPER?.trim() || randomBytes(32).toString('base64'),
  }
}
