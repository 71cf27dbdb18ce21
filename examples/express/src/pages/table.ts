import { isMoney, type Money } from 'escrow-ledger'
import { type Html, html } from '../html.js'
import { showMoney } from '../shown.js'

type Cell = Money | Html | string | number

/** A table that a narrow screen can scroll; amounts stand to the right. */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): Html {
  if (rows.length === 0) return html`<p class="muted">Nothing yet.</p>`
  return html`<div class="scroll"><table>
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${row.map(cell)}</tr>\n`)}</tbody>
</table></div>`
}

function cell(value: Cell): Html {
  return isMoney(value) ? html`<td class="amount">${showMoney(value)}</td>` : html`<td>${value}</td>`
}
