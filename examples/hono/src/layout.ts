import { format, type Money } from 'escrow-ledger'
import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { Person } from './people.js'

export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>

export const style = `
:root { color-scheme: light dark; --line: #8885; --main: #3b5bdb; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 44rem; padding: 0 1rem 3rem; font: 1rem/1.5 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: 1rem; align-items: center; justify-content: space-between; padding: .75rem 0; }
article { border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem; margin: .75rem 0; }
article h2 { font-size: 1.1rem; margin: 0; }
form { display: inline-flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: .5rem .5rem 0 0; }
button, select, input { font: inherit; min-height: 2.75rem; padding: 0 .9rem; border-radius: .4rem; border: 1px solid var(--line); }
button { background: var(--main); color: #fff; border: 0; cursor: pointer; }
header a { color: inherit; font-weight: 700; text-decoration: none; }
header form { margin: 0; }
header button { background: none; color: inherit; border: 1px solid var(--line); }
table { border-collapse: collapse; width: 100%; }
td, th { border-bottom: 1px solid var(--line); padding: .35rem 0; text-align: left; vertical-align: top; }
td:first-child { overflow-wrap: anywhere; }
td { padding-right: .75rem; }
td:last-child { padding-right: 0; text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.told { border-left: 4px solid var(--main); padding: .4rem .8rem; }
`

const homes: Readonly<Record<Person['role'], string>> = { payer: '/', payee: '/coach', operator: '/operator' }
export const homeOf = ({ role }: Person): string => homes[role]

/** A whole page. Everything that is put into it is escaped. */
export function layout(title: string, person: Person | null, body: Markup | readonly Markup[]): Markup {
  const leave = person && html`<form method="post" action="/logout"><button>Log out ${person.name}</button></form>`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Sessions abroad</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><a href="${person ? homeOf(person) : '/login'}">Sessions abroad</a>${leave}</header>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>`
}

export const shownMoney = (amount: Money): string => `${format(amount)} ${amount.currency}`

export function shownTime(at: number): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(at)
}
