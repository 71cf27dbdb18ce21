// Being written.
export interface ClientMoney {
  readonly currency: string
}
export async function clientMoneyPosition(_options: unknown): Promise<ClientMoney[]> {
  return []
}
