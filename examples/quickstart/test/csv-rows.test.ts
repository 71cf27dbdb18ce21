import { afterAll, expect, test } from 'vitest'
import { type CsvRow, readCsv } from '../src/csv-rows.js'
import { demoFolder } from './demo-run.js'

const folder = demoFolder()
afterAll(folder.remove)

async function read(content: string | Uint8Array): Promise<CsvRow[]> {
  const rows: CsvRow[] = []
  for await (const block of readCsv(folder.write('rows.csv', content))) rows.push(...block)
  return rows
}

const wrongQuote = 'has a quote in the wrong place or one that is not closed'

test('reads quoted fields, and leaves every character of a field as it is', async () => {
  expect(await read('a,"b, ""c""", d ,\n😀,"",;,|\n')).toEqual([
    { line: 1, fields: ['a', 'b, "c"', ' d ', ''] },
    { line: 2, fields: ['😀', '', ';', '|'] },
  ])
})

test.each([
  ['line feeds', '\n'],
  ['carriage returns and line feeds', '\r\n'],
])('counts lines that end in %s, empty ones included, and needs no end after the last', async (_, end) => {
  expect(await read(['a,b', '', '"c",d', '', '', 'e,f'].join(end))).toEqual([
    { line: 1, fields: ['a', 'b'] },
    { line: 3, fields: ['c', 'd'] },
    { line: 6, fields: ['e', 'f'] },
  ])
})

test('leaves out the mark that some programs put before the first byte', async () => {
  expect(await read('\uFEFFa,b\n')).toEqual([{ line: 1, fields: ['a', 'b'] }])
})

test('a wrong quote spoils its own line and no other', async () => {
  expect(await read('a,b\n"c,d\ne,"f, g"\n"h"i,j\nk "l",m\nn,o\n"p,q')).toEqual([
    { line: 1, fields: ['a', 'b'] },
    { line: 2, problem: wrongQuote },
    { line: 3, fields: ['e', 'f, g'] },
    { line: 4, problem: wrongQuote },
    { line: 5, problem: wrongQuote },
    { line: 6, fields: ['n', 'o'] },
    { line: 7, problem: wrongQuote },
  ])
})

test('a line that is much too long spoils no other, nor the memory', async () => {
  const rows = await read(`a,b\n${'x'.repeat(1_000_000)},y\nc,d\n`)
  expect(rows).toEqual([
    { line: 1, fields: ['a', 'b'] },
    { line: 2, problem: 'has more than 10000 characters' },
    { line: 3, fields: ['c', 'd'] },
  ])
})

test('bytes that are not UTF-8 are not taken for something else', async () => {
  expect(await read(Buffer.concat([Buffer.from('a,b\nc,'), Buffer.from([0xe9]), Buffer.from('\ne,f\n')]))).toEqual([
    { line: 1, fields: ['a', 'b'] },
    { line: 2, problem: 'has bytes that are not UTF-8' },
    { line: 3, fields: ['e', 'f'] },
  ])
})

test('the character for what is not UTF-8 is one like any other', async () => {
  expect(await read('a,\uFFFD\n')).toEqual([{ line: 1, fields: ['a', '\uFFFD'] }])
})

test('characters and lines that lie across blocks come out whole', async () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => [`séance ${index}`, '🎾'.repeat(index % 7)])
  const rows = await read(lines.map((fields) => fields.join(',')).join('\n'))
  expect(rows).toEqual(lines.map((fields, index) => ({ line: index + 1, fields })))
})
