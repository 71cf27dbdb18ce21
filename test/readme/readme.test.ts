import { expect, test } from 'vitest'
import { printedBy, readDocument } from './document.js'

test('the code in the README runs and prints what the README says', async () => {
  const [code, printed] = (await readDocument('README.md')).blocks
  expect(await printedBy(code?.text ?? '')).toBe(printed?.text)
})

test('the README is short', async () => {
  const { text } = await readDocument('README.md')
  expect(text.split('\n').length).toBeLessThanOrEqual(120)
})
