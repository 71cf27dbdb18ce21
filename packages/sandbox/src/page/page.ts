import type { GatewayName } from '../http/faults.js'
import type { Button } from './button.js'
import { pageScript } from './page-script.js'
import { pageStyle } from './page-style.js'

const titles: Readonly<Record<GatewayName, string>> = { razorpay: 'Razorpay', paypal: 'PayPal' }

/** The page that shows what a gateway holds, and lets a person act there. It needs nothing from elsewhere. */
export function page(gateway: GatewayName, buttons: readonly Button[]): string {
  // A "<" in the setup could end the script that holds it.
  const setup = JSON.stringify({ gateway, buttons }).replaceAll('<', '\\u003c')
  const title = `${titles[gateway]}, stood in for`
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${title}</title><meta name="viewport" content="width=device-width"><style>${pageStyle}</style></head>
<body>
<header><h1>${title}</h1><span class="note">It is <span id="clock"></span></span><span id="time"></span></header>
<p id="acts"></p>
<p id="problem" role="alert"></p>
<h2>Balances, in minor units</h2>
<div id="balances"></div>
<div id="tables"></div>
<script type="application/json" id="setup">${setup}</script>
<script>${pageScript}</script>
</body>
</html>
`
}
