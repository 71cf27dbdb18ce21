/** One sheet for all pages: readable on a phone, in the light and in the dark. */
export const style = `
:root { color-scheme: light dark; --line: #8884; --accent: #1a6e5c; --soft: #8881; }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: center; padding: .75rem 1rem; border-bottom: 1px solid var(--line); }
nav { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: center; margin-left: auto; }
header, main { width: 100%; max-width: 46rem; margin: 0 auto; }
main { padding: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; }
h2 { font-size: 1.1rem; margin-top: 2rem; }
a { color: inherit; }
.brand { font-weight: 700; text-decoration: none; }
.card { border: 1px solid var(--line); border-radius: .6rem; padding: .9rem 1rem; margin: .75rem 0; }
.card h2 { margin: 0 0 .25rem; }
.row { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; }
.muted { opacity: .75; margin: 0; }
.amount { font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }
.notice { background: var(--soft); border-left: 4px solid var(--accent); padding: .6rem .9rem; }
form { margin: 0; display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
button, input, select { font: inherit; min-height: 2.75rem; padding: .4rem .9rem; border-radius: .4rem; border: 1px solid var(--line); }
button { background: var(--accent); border-color: var(--accent); color: #fff; cursor: pointer; }
button.plain { background: none; border-color: var(--line); color: inherit; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem .4rem 0; border-bottom: 1px solid var(--line); }
td.amount, th.amount { text-align: right; }
main > form, main > p, .card form { margin: .75rem 0; }
td:not(.amount) { min-width: 5.5rem; overflow-wrap: anywhere; }
@media (max-width: 30rem) { body { font-size: .95rem; } nav { margin-left: 0; width: 100%; } nav form { margin-left: auto; } table { font-size: .85rem; } }
`
