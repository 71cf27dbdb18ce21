import { z } from 'zod'

const digits = z.string().regex(/^\d{1,4}$/, 'must be a whole number')

/** Which page of a list: `after` is the `next` of the page before. */
export const pageQuery = {
  after: z.string().max(4_000).optional(),
  limit: digits
    .transform(Number)
    .pipe(z.int().min(1).max(1_000))
    .optional()
    .describe('1 to 1,000; 100 unless it is given.'),
}

/** Where the next page starts. */
export const nextSchema = z.string().nullable().describe('Where the next page starts; null at the end.')

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    items: z.array(item),
    next: nextSchema,
  })
}
