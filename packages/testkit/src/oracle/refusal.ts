/** Thrown inside the oracle where a command is refused; `apply` turns it into `{ ok: false, code }`. */
export class Refusal extends Error {
  readonly code: string

  constructor(code: string) {
    super(code)
    this.name = 'Refusal'
    this.code = code
  }
}

/** Refuses with the code when the condition holds: a rule is one line. */
export function refuseIf(condition: boolean, code: string): void {
  if (condition) throw new Refusal(code)
}

/** What cannot happen unless the oracle itself is wrong. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`The oracle contradicts itself: ${message}.`)
}
