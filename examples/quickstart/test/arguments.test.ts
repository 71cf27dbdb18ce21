import { symlinkSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checkWritable, help, readArguments } from '../src/arguments.js'
import { demoFolder } from './demo-run.js'

const folder = demoFolder()
afterAll(folder.remove)

const now = Date.parse('2026-11-20T12:00:00Z')

test('without any, takes the sessions that come with the demo, at an instant when all of them are due', () => {
  const options = readArguments([], now)
  expect(options).toMatchObject({ db: null, export: null, session: null, asOf: Date.parse('2026-11-02T00:00:00Z') })
  expect(path.basename(options?.input ?? '')).toBe('sessions.csv')
})

test('takes the present for a file of the user’s own, unless the clock is given', () => {
  expect(readArguments(['--input', 'mine.csv'], now)?.asOf).toBe(now)
  expect(readArguments(['--input', 'mine.csv', '--as-of', '2026-10-31T18:30:00+05:30'], now)?.asOf).toBe(
    Date.parse('2026-10-31T13:00:00Z'),
  )
})

test('goes through a gateway only when asked to', () => {
  expect(readArguments([], now)?.gateway).toBeNull()
  expect(readArguments(['--gateway', 'paypal'], now)?.gateway).toBe('paypal')
})

test('asks for help', () => {
  expect(readArguments(['--help'], now)).toBeNull()
  for (const option of ['--input', '--db', '--as-of', '--gateway', '--export', '--session'])
    expect(help).toContain(option)
  expect(Math.max(...help.split('\n').map((text) => text.length))).toBeLessThan(100)
})

test.each([
  [['--imput', 'x.csv'], "Unknown option '--imput'"],
  [['x.csv'], "Unexpected argument 'x.csv'"],
  [['--input'], "'--input <value>' argument missing"],
  [['--input', ''], "Option '--input' needs a value."],
  [['--as-of', 'yesterday'], "not 'yesterday'"],
  [['--as-of', '2026-11-31T00:00:00Z'], "not '2026-11-31T00:00:00Z'"],
  [['--gateway', 'stripe'], "--gateway must be razorpay or paypal, not 'stripe'"],
  [['--input', 'a', '--export', './a'], '--input and --export must name different files'],
  [['--db', 'a', '--export', 'a'], '--db and --export must name different files'],
])('%j is refused', (args, message) => {
  expect(() => readArguments(args, now)).toThrow(message)
})

test('a journal that could not be written is refused before anything is done', () => {
  expect(() => checkWritable(folder.file('nosuch/books.journal'))).toThrow(
    '--export must name a file that can be written',
  )
  expect(() => checkWritable(path.dirname(folder.file('x')))).toThrow('is a folder')
  checkWritable(folder.file('new.journal'))
  checkWritable(folder.write('there.journal', ''))
})

test('one file is known under two names', () => {
  const input = folder.write('sessions.csv', '')
  symlinkSync(input, folder.file('link.csv'))
  expect(() => readArguments(['--input', input, '--export', folder.file('link.csv')], now)).toThrow('different files')
})
