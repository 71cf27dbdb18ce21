/**
 * The few platform globals that core may use beside the language itself: they exist in Node, in browsers and on edge
 * runtimes alike. Core compiles against the ES2023 library and this file alone, so that any other global (`process`,
 * `Buffer`, `setTimeout`, `fetch` …) does not type check. Whoever uses the package has the full declarations from their
 * own environment; this file is not published.
 */

interface AbortSignal {
  readonly aborted: boolean
  // biome-ignore lint/suspicious/noExplicitAny: the platform declares the reason of an abort as any.
  readonly reason: any
  throwIfAborted(): void
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

declare class AbortController {
  readonly signal: AbortSignal
  abort(reason?: unknown): void
}

interface TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>
  encodeInto(input: string, into: Uint8Array): { read: number; written: number }
}

declare var TextEncoder: { new (): TextEncoder }

interface TextDecoder {
  decode(input?: ArrayBuffer | ArrayBufferView): string
}

declare var TextDecoder: { new (label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean }): TextDecoder }

declare function queueMicrotask(callback: () => void): void
