export const exitCodes = { done: 0, failed: 1, rowsRefused: 2, booksDeviate: 3 } as const
