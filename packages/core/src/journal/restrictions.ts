import type { Restriction } from '../accounts/restriction.js'
import type { RecordKind } from './records.js'

export const restrictions: RecordKind<Restriction> = {
  name: 'restrictions',
  keyOf: (restriction) => restriction.code,
}
