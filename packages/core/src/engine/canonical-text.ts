/**
 * A text that is the same for two requests exactly when they say the same: the operation's name, then its input with
 * names in order, money by its minor units, and each text after its length, so that nothing in it has to be escaped.
 */
export function canonicalText(operation: string, input: unknown): string {
  return `${operation} ${textOf(input)}`
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return `${value.length}"${value}`
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  return Array.isArray(value) ? textOfList(value) : textOfFields(value as Readonly<Record<string, unknown>>)
}

function textOfList(list: readonly unknown[]): string {
  let text = '['
  for (const item of list) text += `${textOf(item)},`
  return `${text}]`
}

function textOfFields(fields: Readonly<Record<string, unknown>>): string {
  let text = '{'
  for (const name of inOrder(Object.keys(fields))) {
    const field = fields[name]
    if (field !== undefined) text += `${nameText(name)}${textOf(field)},`
  }
  return `${text}}`
}

const nameTexts = new Map<string, string>()
/** Names are mostly those of the commands' own fields; the host's own, in metadata, may be any. */
const KEPT_NAMES = 1_000

function nameText(name: string): string {
  const known = nameTexts.get(name)
  if (known !== undefined) return known
  const made = `${name.length}"${name}`
  if (nameTexts.size < KEPT_NAMES) nameTexts.set(name, made)
  return made
}

/** Sorts names by insertion: they are few, and mostly in order, and this runs for every object of every request. */
function inOrder(names: string[]): string[] {
  for (let index = 1; index < names.length; index++) {
    const name = names[index] as string
    let place = index
    for (; place > 0 && (names[place - 1] as string) > name; place--) names[place] = names[place - 1] as string
    names[place] = name
  }
  return names
}
