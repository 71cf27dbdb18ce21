export { type ApiKeyOptions, type ApiKeyRecord, apiKeys, createApiKey } from './auth/api-keys.js'
export { firstOf } from './auth/first-of.js'
export { claimsAsPrincipal, type JwtAlgorithm, type JwtOptions, jwt } from './auth/jwt.js'
