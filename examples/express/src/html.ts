/** Markup that is safe to send: made by `html` alone. */
export interface Html {
  readonly markup: string
}

export type Child = Html | string | number | null | readonly Child[]

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A template whose values are escaped, unless they are markup of the same making. Attributes stand in double quotes. */
export function html(strings: TemplateStringsArray, ...children: readonly Child[]): Html {
  return { markup: String.raw({ raw: strings }, ...children.map(markupOf)) }
}

function markupOf(child: Child): string {
  if (child === null) return ''
  if (typeof child === 'string' || typeof child === 'number') return escapeHtml(String(child))
  return 'markup' in child ? child.markup : child.map(markupOf).join('')
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
