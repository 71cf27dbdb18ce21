/**
 * A text as every database keeps it: U+0000 and halves of surrogate pairs, which PostgreSQL refuses, become U+FFFD. For what
 * others say (gateways, networks); what the host says is refused instead (`textProblem`). Cut a text first: cutting may
 * halve a pair.
 */
export function storableText(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').replace(halves, '\ufffd')
}

/** Whole pairs are one code point here, so only what is left alone is a surrogate. */
const halves = /\p{Surrogate}/gu
