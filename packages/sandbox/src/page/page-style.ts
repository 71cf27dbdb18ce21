export const pageStyle = `
  body { font: 14px/1.5 system-ui, sans-serif; margin: 1.5rem; color: #1b1f24; background: #fff }
  header { display: flex; gap: 1rem; align-items: baseline; flex-wrap: wrap }
  h1 { font-size: 1.3rem; margin: 0 } h2 { font-size: 1rem; margin: 1.5rem 0 .3rem }
  table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid #d8dee4; white-space: nowrap }
  td.money { text-align: right; font-variant-numeric: tabular-nums }
  .wide { overflow-x: auto } .note { color: #57606a } #problem { color: #b3261e; min-height: 1.5em }
  button { font: inherit; padding: .1rem .6rem; margin: .1rem .3rem .1rem 0; border: 1px solid #8c959f; border-radius: 4px; background: #f6f8fa; cursor: pointer }
  @media (prefers-color-scheme: dark) {
    body { color: #e6edf3; background: #0d1117 } td, th { border-color: #30363d } .note { color: #8d96a0 }
    button { color: inherit; background: #21262d; border-color: #6e7681 } #problem { color: #ff8a80 }
  }
`
