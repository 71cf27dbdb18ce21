import { createHash } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

export type NewId = (prefix: string, length: number, letters?: string) => string

/** Makes ids that are the same in every run with the same seed: `newId('pay_', 14)` is `pay_` and 14 letters and digits. */
export function createIds(seed: string): NewId {
  let count = 0
  return (prefix, length, letters = alphabet) => {
    count += 1
    let digits = BigInt(`0x${createHash('sha512').update(`${seed}:${count}`).digest('hex')}`)
    let id = ''
    for (let index = 0; index < length; index += 1) {
      id += letters[Number(digits % BigInt(letters.length))]
      digits /= BigInt(letters.length)
    }
    return prefix + id
  }
}
