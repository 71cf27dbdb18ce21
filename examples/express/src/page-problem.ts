/** Something that a person can be told, and with which status. */
export class PageProblem extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}
