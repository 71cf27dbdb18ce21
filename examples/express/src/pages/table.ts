import { isMoney, type Money } from 'escrow-ledger'
import { type Html, html } from '../html.js'
import { showMoney } from '../shown.js'

type Cell = Money | Html | string | number

/** A table that a narrow screen can scroll; amounts stand to the right. */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): Html {
  if (rows.length === 0) return html`<p class="muted">Nothing yet.</p>`
  return html`<div class="scroll"><table>
<thead><tr>${heads.map((head, column) =>
    headCell(
      head,
      rows.some((row) => isMoney(row[column])),
    ),
  )}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${row.map(cell)}</tr>\n`)}</tbody>
</table></div>`
}

/** Stands above its amounts, where its column has any. */
function headCell(head: string, isAmount: boolean): Html {
  return isAmount ? html`<th scope="col" class="amount">${head}</th>` : html`<th scope="col">${head}</th>`
}

function cell(value: Cell): Html {
  return isMoney(value) ? html`<td class="amount">${showMoney(value)}</td>` : html`<td>${value}</td>`
}
