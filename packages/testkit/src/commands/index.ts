export { bankGateway } from './choices.js'
export { type Act, type Intent, intents } from './intents.js'
export { type Cast, rehearse, type Scripted, type Step } from './rehearse.js'
export { createTally, type Tally } from './tally.js'
