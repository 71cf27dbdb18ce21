// biome-ignore lint/suspicious/noControlCharactersInRegex: U+0000 is what PostgreSQL cannot keep.
const unstorable = /\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** A text from outside as every database can keep it: U+FFFD stands for U+0000 and for half of a surrogate pair. */
export function storableText(text: string): string {
  return text.replace(unstorable, '\ufffd')
}
