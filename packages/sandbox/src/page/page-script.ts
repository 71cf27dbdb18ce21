/** What runs in the browser: it asks for the state, shows it, and does acts. Amounts stay texts of minor units. */
export const pageScript = `
  const { gateway, buttons } = JSON.parse(document.getElementById('setup').textContent)
  const find = (id) => document.getElementById(id)
  const make = (name, text) => Object.assign(document.createElement(name), { textContent: text ?? '' })

  async function call(path, method = 'GET', input) {
    const answer = await fetch('/sandbox/' + path, { method, ...(input ? { body: JSON.stringify(input) } : {}) })
    const given = await answer.json()
    if (!answer.ok) throw new Error(given.error)
    return given
  }

  async function act(path, input) {
    find('problem').textContent = ''
    try { await call(path, 'POST', input) } catch (error) { find('problem').textContent = error.message }
    await refresh()
  }

  async function refresh() {
    try { await show() } catch { find('clock').textContent = 'unknown: the sandbox does not answer' }
  }

  function buttonOf(button, row) {
    const made = make('button', button.label)
    made.onclick = () => {
      const input = { ...(row ? { id: row.id } : {}), ...button.input }
      for (const [field, question] of Object.entries(button.asks ?? {})) {
        const given = prompt(question)
        if (given === null) return
        if (given !== '') input[field] = given
      }
      return act('acts/' + gateway + '/' + button.act, input)
    }
    return made
  }

  const fits = (button, row) =>
    Object.entries(button.when ?? {}).every(([field, values]) => values.includes(String(row[field])))

  const plain = (value) => value !== null && typeof value !== 'object'

  function tableOf(name, rows) {
    const table = make('table')
    const columns = [...new Set(rows.flatMap(Object.keys))].filter((column) => rows.some((row) => plain(row[column]) && row[column] !== ''))
    const head = table.insertRow()
    for (const column of columns) head.append(make('th', column))
    for (const row of [...rows].reverse().slice(0, 50)) {
      const line = table.insertRow()
      for (const column of columns) line.insertCell().textContent = plain(row[column]) ? String(row[column]) : ''
      const cell = line.insertCell()
      for (const button of buttons) if (button.table === name && fits(button, row)) cell.append(buttonOf(button, row))
    }
    return table
  }

  function flat(given, path = []) {
    return Object.entries(given).flatMap(([key, value]) =>
      value !== null && typeof value === 'object' ? flat(value, [...path, key]) : [[[...path, key].join(' '), value]])
  }

  async function show() {
    const [state, balances, clock, webhooks, faults] = await Promise.all(
      ['state/' + gateway, 'balances/' + gateway, 'clock', 'webhooks', 'faults'].map((path) => call(path)))
    find('clock').textContent = new Date(clock.now).toISOString()
    const table = make('table')
    for (const [pocket, amount] of flat(balances)) {
      const line = table.insertRow()
      line.insertCell().textContent = pocket
      Object.assign(line.insertCell(), { textContent: amount, className: 'money' })
    }
    find('balances').replaceChildren(table)
    const own = webhooks.filter((each) => each.gateway === gateway).map(({ rawBody, headers, ...rest }) => rest)
    const tables = { ...state, webhooks: own, 'planned faults': faults.map(({ fault, ...rest }) => ({ ...rest, ...fault })) }
    find('tables').replaceChildren(...Object.entries(tables).filter(([, rows]) => Array.isArray(rows) && rows.length > 0).flatMap(([name, rows]) => {
      const wide = Object.assign(make('div'), { className: 'wide' })
      wide.append(tableOf(name, rows))
      return [make('h2', name + ' (' + rows.length + ')'), wide]
    }))
  }

  for (const button of buttons) if (!button.table) find('acts').append(buttonOf(button))
  for (const [label, advanceMs] of [['+ 1 min', 60000], ['+ 1 h', 3600000], ['+ 1 day', 86400000], ['+ 7 days', 604800000]]) {
    const made = make('button', label)
    made.onclick = () => act('clock', { advanceMs })
    find('time').append(made)
  }
  const deliver = make('button', 'Deliver pending webhooks')
  deliver.onclick = () => act('webhooks/deliver', {})
  find('acts').append(deliver)
  refresh()
  setInterval(refresh, 3000)
`
