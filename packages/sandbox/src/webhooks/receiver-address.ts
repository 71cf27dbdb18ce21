/** Whether webhooks can be delivered there: an http or https address. */
export const isReceiverAddress = (text: string): boolean =>
  URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol)
