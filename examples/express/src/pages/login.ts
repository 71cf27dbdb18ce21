import { type Response, Router } from 'express'
import { z } from 'zod'
import { SESSION_COOKIE } from '../authenticate.js'
import { refuseOtherSites } from '../guard.js'
import { html } from '../html.js'
import { homeOf, page } from '../page.js'
import { PageProblem } from '../page-problem.js'
import { everybody, findPerson } from '../people.js'
import type { Place } from '../place.js'
import { TOKEN_LASTS_S } from '../tokens.js'

const bodySchema = z.object({ user: z.string() })

/** Logging in: by a form for pages, and with JSON for programs, which get the token. */
export function loginPages({ tokens }: Place): Router {
  const router = Router()
  router.get('/login', (_req, res) => {
    res.send(page({ title: 'Log in', person: null, body: chooser }))
  })
  router.post('/login', refuseOtherSites, async (req, res) => {
    const given = bodySchema.safeParse(req.body)
    const person = given.success ? findPerson(given.data.user) : null
    if (!person) throw new PageProblem(401, 'Nobody has that name here.')
    const token = await tokens.sign(person)
    if (req.is('application/json')) {
      res.set('cache-control', 'no-store').json({ token, expiresIn: TOKEN_LASTS_S })
      return
    }
    setCookie(res, token, TOKEN_LASTS_S)
    res.redirect(303, homeOf(person))
  })
  router.post('/logout', refuseOtherSites, (_req, res) => {
    setCookie(res, '', 0)
    res.redirect(303, '/login')
  })
  router.get('/.well-known/jwks.json', (_req, res) => {
    res.json(tokens.jwks)
  })
  return router
}

function setCookie(res: Response, token: string, seconds: number): void {
  res.cookie(SESSION_COOKIE, token, {
    httpOnly: true,
    sameSite: 'lax',
    // Behind a proxy that speaks https: app.set('trust proxy', …) tells that it does.
    secure: res.req.secure,
    path: '/',
    maxAge: seconds * 1_000,
  })
}

const chooser = html`<p>This is a demonstration: choose who you are. Nothing here is real money.</p>
${everybody.map(
  ({ id, name, does }) => html`<form class="card row" method="post" action="/login">
<p class="muted"><strong>${name}</strong> ${does}</p>
<button name="user" value="${id}">Log in as ${name}</button>
</form>`,
)}`
