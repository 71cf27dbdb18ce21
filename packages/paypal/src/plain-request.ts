import type { Request } from './api.js'

/** A request that the official SDK has no method for, made with its client and token. */
export interface PlainRequest {
  readonly method: 'GET' | 'POST'
  /** Checked ids in it only. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | undefined>> | undefined
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as it is, of the type that the headers name. */
  readonly text?: string | undefined
}

export function plainRequest({ method, path, query = {}, headers = {}, body, text }: PlainRequest): Request {
  return (client, options) => {
    const builder = client.getRequestBuilderFactory()(method, path)
    builder.baseUrl('default')
    builder.accept('application/json')
    for (const [name, value] of Object.entries(query)) if (value !== undefined) builder.query(name, value)
    for (const [name, value] of Object.entries(headers)) builder.header(name, value)
    if (text !== undefined) builder.text(text)
    else if (body !== undefined) builder.json(body)
    builder.authenticate([{ oauth2: true }])
    return builder.callAsText(options)
  }
}
