import fc from 'fast-check'

/** Texts that are legal ids, and that some layer of a storage may be tempted to change, fold or misread. */
export const oddTexts: readonly string[] = [
  ' ',
  ' leading and trailing ',
  "it's",
  '"quoted"',
  '`backticks`',
  'back\\slash',
  '\\',
  'comma, semicolon; colon: slash/ question?',
  'percent % and %25 and %3A',
  'under_score and _',
  '$1 :name @name ?1 ?',
  '{curly} [square] (round) <angle>',
  "'; DROP TABLE ledger_entries; --",
  'null',
  'NULL',
  'true',
  '0',
  '007',
  '1e3',
  '9007199254740993',
  'Case',
  'case',
  'CASE',
  // One character, composed and decomposed: two different ids.
  '\u00e9',
  'e\u0301',
  '\ufb01', // the ligature fi
  '\u00a0', // a space that does not break
  '\u200b', // a space of no width
  '\ufeff', // a byte order mark
  '\u202e', // writes the rest from right to left
  'ßẞ',
  'İıIi',
  '漢字',
  'हिन्दी',
  'العربية',
  '👩‍👩‍👧‍👦',
  '\uff5e', // sorts before the next one by UTF-8 bytes, and after it by UTF-16 units
  '\u{1f600}',
  '\uffff',
  '\u{10ffff}',
  '\ud7ff',
  '\ue000',
  '__proto__',
  'constructor',
  'toString',
  'user+tag@example.com',
  'a'.repeat(128),
  '😀'.repeat(64),
  '\uff5e'.repeat(128),
]

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this leaves out.
const controlCharacters = /[\u0000-\u001f\u007f-\u009f]/

/**
 * Any text that is a legal id: 1 to 128 UTF-16 units, well formed, without control characters. A function, since to list
 * all characters takes a second, and most who import this package never ask for one.
 */
export const anyId = () =>
  fc
    .oneof(
      fc.constantFrom(...oddTexts),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 64 }),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
      fc.string({
        unit: fc.constantFrom('a', 'A', 'é', '\uff5e', '\u{1f600}', '%', ':', ' '),
        minLength: 1,
        maxLength: 4,
      }),
    )
    .filter((text) => text.length <= 128 && !controlCharacters.test(text))
