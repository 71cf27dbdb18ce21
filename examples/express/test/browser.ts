import { type HTMLFormElement, Window } from 'happy-dom'

export interface Shown {
  readonly status: number
  readonly url: string
  readonly html: string
  /** What a person reads, with spaces put together. */
  readonly text: string
  readonly document: Window['document']
}

/** How a test fills in and sends a form of the page that it sees. */
export interface Sending {
  readonly action: string
  readonly fields?: Readonly<Record<string, string>> | undefined
  /** The words on the button that is pressed; the first one unless it is given. */
  readonly press?: string | undefined
}

/** Somebody's browser: keeps cookies, follows redirects, and sends the forms that it was shown. */
export function createBrowser(origin: string) {
  let cookie = ''
  let shown: Shown | null = null

  async function ask(path: string, init: RequestInit = {}): Promise<Shown> {
    const headers = { ...(cookie === '' ? {} : { cookie }), ...init.headers } as Record<string, string>
    const response = await fetch(new URL(path, origin), { ...init, headers, redirect: 'manual' })
    for (const given of response.headers.getSetCookie()) cookie = given.split(';')[0] ?? ''
    const location = response.headers.get('location')
    const html = await response.text()
    if (location !== null) return ask(location)
    const { document } = new Window({ url: origin })
    document.write(html)
    const text = (document.body.textContent ?? '').replace(/\s+/g, ' ').trim()
    shown = { status: response.status, url: path, html, text, document }
    return shown
  }

  function send({ action, fields = {}, press }: Sending): Promise<Shown> {
    const forms = [...(shown?.document.querySelectorAll('form') ?? [])] as HTMLFormElement[]
    const form = forms.find(
      (each) => each.getAttribute('action') === action && each.getAttribute('method') === 'post' && has(each, press),
    )
    if (!form) throw new Error(`There is no form for ${action} on ${shown?.url}.`)
    const body = new URLSearchParams()
    for (const input of form.querySelectorAll('input, select')) {
      const name = input.getAttribute('name') ?? ''
      body.set(name, fields[name] ?? (input as { value?: string }).value ?? '')
    }
    const button = [...form.querySelectorAll('button')].find((each) => words(each).includes(press ?? ''))
    if (button?.hasAttribute('name')) body.set(button.getAttribute('name') ?? '', button.getAttribute('value') ?? '')
    return ask(action, { method: 'POST', body, headers: { origin } })
  }

  return {
    open: (path: string) => ask(path),
    send,
    cookie: () => cookie,
    post: (path: string, fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) =>
      ask(path, { method: 'POST', body: new URLSearchParams(fields), headers }),
    async logIn(user: string): Promise<Shown> {
      await ask('/login')
      return send({ action: '/login', press: `Log in as ${user}` })
    },
  }
}

export type Browser = ReturnType<typeof createBrowser>

type Element = { readonly textContent: string | null }

const words = ({ textContent }: Element) => (textContent ?? '').replace(/\s+/g, ' ').trim()

function has(form: HTMLFormElement, press: string | undefined): boolean {
  return press === undefined || [...form.querySelectorAll('button')].some((button) => words(button).includes(press))
}
