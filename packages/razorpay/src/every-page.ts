import type { Answer } from './answer.js'

const PAGE = 100

/** All members of a list, newest first as Razorpay gives them, page by page. A list that grows meanwhile may repeat some. */
export async function* everyPage(
  fetch: (page: { readonly count: number; readonly skip: number }) => Promise<Answer>,
  count = PAGE,
): AsyncGenerator<Answer, void, void> {
  for (let skip = 0; ; skip += count) {
    const items = (await fetch({ count, skip })).items()
    yield* items
    if (items.length < count) return
  }
}

/** The first member that fits; null where none does. */
export async function findIn(list: AsyncIterable<Answer>, fits: (item: Answer) => boolean): Promise<Answer | null> {
  for await (const item of list) {
    if (fits(item)) return item
  }
  return null
}
