import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBackendReader, createFrontendReader } from './protocol-messages.js'

const int32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
const framed = (body: Buffer) => Buffer.concat([int32(body.length + 4), body])
const message = (type: string, body: string | Buffer) => Buffer.concat([Buffer.from(type), framed(Buffer.from(body))])

const sslRequest = framed(int32(80_877_103))
const start = framed(Buffer.concat([int32(196_608), Buffer.from('user\0priya\0\0')]))

const sent = [
  { bytes: sslRequest, type: 'negotiate', sql: undefined },
  { bytes: start, type: 'start', sql: undefined },
  { bytes: message('Q', 'begin\0'), type: 'Q', sql: 'begin' },
  { bytes: message('P', 'note\0insert ä\0\0\0'), type: 'P', sql: 'insert ä' },
  { bytes: message('B', 'door\0note\0\0\0\0\0\0\0'), type: 'B', sql: 'insert ä' },
  { bytes: message('E', 'door\0\0\0\0\0'), type: 'E', sql: 'insert ä' },
  { bytes: message('S', ''), type: 'S', sql: undefined },
  { bytes: message('B', '\0note\0\0\0\0\0\0\0'), type: 'B', sql: 'insert ä' },
  { bytes: message('B', '\0unknown\0\0\0\0\0\0\0'), type: 'B', sql: undefined },
  { bytes: message('X', ''), type: 'X', sql: undefined },
]
const answered = [
  { bytes: Buffer.from('N'), type: 'negotiation' },
  { bytes: message('R', int32(0)), type: 'R' },
  { bytes: message('Z', 'I'), type: 'Z' },
  { bytes: message('C', 'INSERT 0 1\0'), type: 'C' },
]

/** Cuts bytes wherever a network may. */
const cutAnywhere = (bytes: Buffer) =>
  fc.array(fc.nat({ max: bytes.length })).map((places) => {
    const ends = [...places, bytes.length].sort((one, other) => one - other)
    return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
  })

describe('whatever pieces they come in, messages are read whole', () => {
  test('from a client', () => {
    const pieces = cutAnywhere(Buffer.concat(sent.map(({ bytes }) => bytes)))
    fc.assert(
      fc.property(pieces, (chunks) => {
        const read = createFrontendReader()
        const messages = chunks.flatMap((chunk) => read(chunk))
        expect(messages.map(({ bytes, type, sql }) => ({ bytes, type, sql }))).toEqual(sent)
        expect(messages.filter((each) => each.endsRequest).map((each) => each.type)).toEqual(['start', 'Q', 'S'])
      }),
    )
  })

  test('from a server', () => {
    const pieces = cutAnywhere(Buffer.concat(answered.map(({ bytes }) => bytes)))
    fc.assert(
      fc.property(pieces, (chunks) => {
        const reader = createBackendReader()
        reader.expectNegotiation()
        expect(chunks.flatMap((chunk) => reader.read(chunk))).toEqual(
          answered.map(({ bytes, type }) => ({ type, bytes })),
        )
      }),
    )
  })
})

test('an encrypted connection is not looked into', () => {
  const reader = createBackendReader()
  reader.expectNegotiation()
  expect(() => reader.read(Buffer.from('S'))).toThrow(/encrypted/)
})
