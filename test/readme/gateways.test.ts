import { expect, test } from 'vitest'
import { printedBy, readDocument } from './document.js'

test('the code in the guide to gateways is one program, and prints what the guide says', async () => {
  const { blocks } = await readDocument('docs/gateways.md')
  const all = (language: string) => blocks.filter((block) => block.language === language).map(({ text }) => text)
  expect(all('ts').length).toBeGreaterThan(10)
  expect(await printedBy(all('ts').join('\n'))).toBe(all('').join(''))
})
