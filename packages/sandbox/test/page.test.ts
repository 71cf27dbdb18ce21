import { Window } from 'happy-dom'
import { expect, onTestFinished, test } from 'vitest'
import { openRazorpay } from './fixtures/open-razorpay.js'
import { openSandbox, orderOf, whole } from './paypal/open-sandbox.js'

/** A page of the sandbox in a browser without a screen, where prompts are answered with this. */
async function openPage(url: string, answer: string | null = '') {
  const window = new Window({
    url,
    settings: { enableJavaScriptEvaluation: true, suppressInsecureJavaScriptEnvironmentWarning: true },
  })
  onTestFinished(async () => {
    await window.happyDOM.abort()
    await window.happyDOM.close()
  })
  Object.assign(window, { prompt: () => answer })
  window.document.write(await (await fetch(url)).text())
  const text = () => window.document.body.textContent
  const buttons = () => [...window.document.querySelectorAll('button')]
  return {
    text,
    labels: () => buttons().map(({ textContent }) => textContent),
    async press(label: string) {
      await expect.poll(() => buttons().some(({ textContent }) => textContent === label)).toBe(true)
      buttons()
        .find(({ textContent }) => textContent === label)
        ?.click()
    },
  }
}

test('a person pays an order on the page, and sees what became of it', async () => {
  const { sdk, razorpay } = await openRazorpay()
  const order = await sdk.orders.create({
    amount: 50_000,
    currency: 'INR',
    receipt: '<b>r-1</b>',
    payment_capture: true,
  })
  const page = await openPage(`${razorpay.url}/sandbox/razorpay`)
  await page.press('Pay by card')
  await expect.poll(page.text).toContain('clearing48820')
  expect(await sdk.orders.fetch(order.id)).toMatchObject({ status: 'paid' })
  expect(page.text()).toContain('<b>r-1</b>')
  expect(page.labels()).not.toContain('Pay by card')
})

test('a person lets time pass, tops up, opens a dispute, and is told what cannot be', async () => {
  const { sdk, razorpay, clock, paid } = await openRazorpay()
  const { paymentId } = await paid(50_000)
  const page = await openPage(`${razorpay.url}/sandbox/razorpay`, '700')
  const before = clock.now()
  await page.press('+ 1 min')
  await expect.poll(clock.now).toBe(before + 60_000)
  await page.press('Top up RazorpayX')
  await expect.poll(() => razorpay.balances().payouts).toBe(700n)
  await page.press('Dispute')
  await expect
    .poll(async () => (await sdk.disputes.all()).items)
    .toMatchObject([{ payment_id: paymentId, amount: 700 }])
  await page.press('Lose')
  await expect.poll(() => razorpay.balances().clearing).toBe(48_820n - 700n)

  const careless = await openPage(`${razorpay.url}/sandbox/razorpay`, 'seven')
  await careless.press('Top up RazorpayX')
  await expect.poll(careless.text).toContain('An amount is a decimal text of minor units.')
})

test('a person approves an order of PayPal from its own link, and resolves a dispute', async () => {
  const open = await openSandbox({ paymentFee: { basisPoints: 0 } })
  const order = await open.call('POST', '/v2/checkout/orders', orderOf('10.00'))
  const approval = order.body.links.find(({ rel }: { rel: string }) => rel === 'approve')
  const page = await openPage(approval.href)
  await page.press('Approve')
  await expect.poll(page.text).toContain('APPROVED')
  const { body } = await open.call('POST', `/v2/checkout/orders/${order.body.id}/capture`, {}, whole)
  // Any act has the page show what there is now.
  await page.press('Process payouts')
  await page.press('Dispute')
  await page.press('Resolve for the buyer')
  const { id } = body.purchase_units[0].payments.captures[0]
  await expect.poll(async () => (await open.call('GET', `/v2/payments/captures/${id}`)).body.status).toBe('REFUNDED')
})
