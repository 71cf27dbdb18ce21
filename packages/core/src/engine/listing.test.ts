import { expect, test } from 'vitest'
import { z } from 'zod'
import { createListing, cursorParts } from './listing.js'

const rows = [1, 2, 3, 4, 5].map((at) => ({ at, id: `e${at}`, running: String(-at) }))

const listing = createListing({
  fetch: async (after, limit) => rows.filter(({ at }) => at > Number(after?.[0] ?? 0)).slice(0, limit),
  cursorOf: ({ at, id, running }) => [at, id, running],
  cursor: z.tuple([cursorParts.integer, cursorParts.text, cursorParts.minor]),
  view: ({ id }) => id,
})

test('each page goes on where the one before ended', async () => {
  const first = await listing.page({ limit: 2 })
  expect(first.items).toEqual(['e1', 'e2'])
  const second = await listing.page({ limit: 10, after: first.next ?? '' })
  expect(second).toEqual({ items: ['e3', 'e4', 'e5'], next: null })
})

test.each([
  ['nothing', []],
  ['too little', [1, 'e1']],
  ['too much', [1, 'e1', '1', 1]],
  ['a fraction', [1.5, 'e1', '1']],
  ['more than an integer can be', [2 ** 60, 'e1', '1']],
  ['another kind', ['1', 'e1', '1']],
  ['NUL', [1, 'e\u0000', '1']],
  ['no digits', [1, 'e1', 'x']],
  ['an object', [{}, 'e1', '1']],
  ['no list', { 0: 1, 1: 'e1', 2: '1' }],
])('a cursor of %s was given by no page', async (_, values) => {
  const after = encodeURIComponent(JSON.stringify(values))
  await expect(listing.page({ after })).rejects.toMatchObject({ code: 'invalid_cursor' })
})
