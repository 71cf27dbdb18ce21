import { createJudge } from './deviations.js'
import type { Verification } from './verification.js'

/** A book whose entries were judged is there, and knows that it has some: from then on its zone stays as it is. */
export async function checkBook({ reads, book, report }: Verification, hasEntries: boolean): Promise<void> {
  const judge = createJudge({})
  if (await reads.bookIsLost(book)) judge.finds('book_missing', 'Rows are kept for which there is no book.')
  else if (hasEntries && !(await reads.book(book)).hasEntries) {
    judge.finds('book_missing', `Book ${book} says that it has no entries, and has some.`)
  }
  report(judge.found)
}
