/** A button of the page, which does one of a gateway's acts. */
export interface Button {
  /** The table of the state in whose rows it stands; above all tables unless given. */
  readonly table?: string
  readonly act: string
  readonly label: string
  /** It stands in rows that have one of these values in each of these fields. */
  readonly when?: Readonly<Record<string, readonly string[]>>
  /** What the act takes besides the row's id, and is always the same. */
  readonly input?: Readonly<Record<string, unknown>>
  /** What the person is asked for; nothing given leaves it out. */
  readonly asks?: Readonly<Record<string, string>>
}
