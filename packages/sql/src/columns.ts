/**
 * How a field is kept. `amount` is a whole number of minor units, exact to 64 bits; `integer` is a count, an instant or
 * a day, which JavaScript numbers hold exactly; `count` is a whole number below 2³¹; `id` is a UUID; `digest` is 16 bytes; `json` is what a record nests; `texts` is a flat map of
 * texts, whose names are the host's own, so that none of them means anything.
 */
export type ColumnType = 'text' | 'integer' | 'count' | 'amount' | 'boolean' | 'texts' | 'json' | 'id' | 'digest'

export interface Column<Type extends ColumnType = ColumnType, Nullable extends boolean = boolean> {
  readonly type: Type
  readonly nullable: Nullable
}

type TypeFor<Value> = [Value] extends [string]
  ? 'text' | 'id'
  : [Value] extends [number]
    ? 'integer'
    : [Value] extends [bigint]
      ? 'amount'
      : [Value] extends [boolean]
        ? 'boolean'
        : [Value] extends [Readonly<Record<string, string>>]
          ? 'texts'
          : 'json'

/** The column that a field of this type needs. */
type ColumnFor<Value> = null extends Value ? Column<TypeFor<NonNullable<Value>>, true> : Column<TypeFor<Value>, false>

/** One column for every field: a field that the record gains does not compile until it has its column. */
export type ColumnsOf<Kept> = { readonly [Field in keyof Kept & string]-?: ColumnFor<Kept[Field]> }

function required<const Type extends ColumnType>(type: Type): Column<Type, false> {
  return { type, nullable: false }
}

function optional<const Type extends ColumnType>(type: Type): Column<Type, true> {
  return { type, nullable: true }
}

export const text = required('text')
export const integer = required('integer')
export const count = required('count')
export const amount = required('amount')
export const boolean = required('boolean')
export const texts = required('texts')
export const json = required('json')
export const id = required('id')
export const digest = required('digest')

export const optionalText = optional('text')
export const optionalInteger = optional('integer')
export const optionalAmount = optional('amount')
export const optionalTexts = optional('texts')
export const optionalJson = optional('json')
export const optionalId = optional('id')

const names = new Map<string, string>()

/** The column of a field: `amountMinor` is kept in `amount_minor`. */
export function columnName(field: string): string {
  let name = names.get(field)
  if (name === undefined) {
    name = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    names.set(field, name)
  }
  return name
}

/** Columns by their own names, from columns by field. */
export function namedColumns(columns: Readonly<Record<string, Column>>): Record<string, Column> {
  return Object.fromEntries(Object.entries(columns).map(([field, column]) => [columnName(field), column]))
}
