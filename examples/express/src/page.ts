import { type Html, html } from './html.js'
import type { Person } from './people.js'

interface PageOptions {
  readonly title: string
  readonly person: Person | null
  readonly body: Html
  /** Seconds after which the browser asks again, where something is awaited. */
  readonly refresh?: number | undefined
}

const links: Readonly<Record<Person['role'], readonly (readonly [string, string])[]>> = {
  payer: [
    ['/', 'Sessions'],
    ['/bookings', 'My bookings'],
  ],
  payee: [['/coach', 'My earnings']],
  operator: [['/operator', 'Operations']],
}

/** Where somebody goes first. */
export const homeOf = ({ role }: Person): string => links[role][0]?.[0] ?? '/'

/** A whole page. */
export function page({ title, person, body, refresh }: PageOptions): string {
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refresh === undefined ? null : html`<meta http-equiv="refresh" content="${refresh}">`}
<title>${title} · Coaching</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header>
<a class="brand" href="${person ? homeOf(person) : '/login'}">Coaching</a>
${person ? menu(person) : null}
</header>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`
  return markup
}

function menu({ name, role }: Person): Html {
  const items = links[role].map(([href, label]) => html`<a href="${href}">${label}</a>`)
  return html`<nav>${items}
<form method="post" action="/logout"><button class="plain">Log out ${name}</button></form></nav>`
}
