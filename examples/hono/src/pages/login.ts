import { Hono } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'
import { html } from 'hono/html'
import { COOKIE } from '../authenticate.js'
import { fieldOf } from '../guard.js'
import { homeOf, layout } from '../layout.js'
import { PageProblem } from '../page-problem.js'
import { everybody, findPerson } from '../people.js'
import type { Place } from '../place.js'

export function loginPages({ logins }: Place): Hono {
  const pages = new Hono()
  pages.get('/login', (context) => {
    const choices = everybody.map(
      ({ id, name, does }) =>
        html`<article><h2>${name}</h2>${name} ${does}.
<form method="post" action="/login"><input type="hidden" name="user" value="${id}"><button>Log in as ${name}</button></form></article>`,
    )
    return context.html(layout('Who are you?', null, choices))
  })
  pages.post('/login', async (context) => {
    const person = findPerson(await fieldOf(context, 'user'))
    if (!person) throw new PageProblem(401, 'There is nobody by that name.')
    // Not `Strict`, which would have whoever comes back from PayPal log in again. Forms of other sites are refused by `csrf()`.
    setCookie(context, COOKIE, await logins.sign(person), { httpOnly: true, sameSite: 'Lax', path: '/' })
    return context.redirect(homeOf(person), 303)
  })
  pages.post('/logout', (context) => {
    deleteCookie(context, COOKIE, { path: '/' })
    return context.redirect('/login', 303)
  })
  return pages
}
