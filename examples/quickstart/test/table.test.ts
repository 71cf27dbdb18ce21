import { expect, test } from 'vitest'
import { displayWidth, fitColumns, table } from '../src/table.js'

test('aligns texts left and amounts right, with what is wide in a terminal counted as wide', () => {
  const columns = [{ title: 'Name' }, { title: 'Amount', align: 'right' as const }]
  const rows = [['山田 花子', '1.00'], null, ['🎾 Zoë', '1,000.00'], ['👩‍👩‍👧', '5']]
  expect(table(columns, rows)).toEqual([
    '  Name         Amount',
    '  山田 花子      1.00',
    '',
    '  🎾 Zoë     1,000.00',
    '  👩‍👩‍👧                5',
  ])
})

test('cuts what is too long between characters, not through them', () => {
  expect(table([{ title: '', maxWidth: 6 }], [['abcdefg'], ['abcdef'], ['ab山田花']])).toEqual([
    '  abcde…',
    '  abcdef',
    '  ab山…',
  ])
})

test('divides columns that do not fit beside each other', () => {
  const widthOf = (width: number) => width
  expect(fitColumns([20, 20, 30, 90, 5, 5], { widthOf, first: 10, available: 80 })).toEqual([
    [20, 20],
    [30],
    [90],
    [5, 5],
  ])
  expect(fitColumns([], { widthOf, first: 10 })).toEqual([])
})

test('knows the width of texts', () => {
  expect(['abc', 'Zoë', 'e\u0301', '山', '🎾', '❤️', ''].map(displayWidth)).toEqual([3, 3, 1, 2, 2, 2, 0])
})
