/** A bare client of Nexio's stand-in for its tests: paths and credentials, nothing of lib/. */

import type { Client, Reply } from "./client.ts";
import { open } from "./client.ts";

export const JANE = { id: 137_241, ref: "9467e04a-3f19-473f-a8b3-a1bc09a2ede8", email: "jane@example.com" };

const BASIC = `Basic ${Buffer.from("user_0123456789abcdef0123456789abcdef:apiKey_sandbox").toString("base64")}`;

export const openNexio = async (): Promise<NexioClient> => new NexioClient(await open());

export class NexioClient {
  readonly client: Client;

  constructor(client: Client) {
    this.client = client;
  }

  api(method: string, path: string, body?: unknown, authorization = BASIC): Promise<Reply> {
    return this.client.call(method, `/nexio${path}`, { headers: { authorization }, body });
  }

  /** 14.83 USD from Jane, unless told otherwise. */
  submit(spendbackRef: string, more: object = {}): Promise<Reply> {
    const body = { amount: 14.83, currency: "USD", recipientId: JANE.id, spendbackRef, ...more };
    return this.api("POST", "/payout/v3/spendback", body);
  }

  refund(spendbackId: number, amount: number, more: object = {}): Promise<Reply> {
    return this.api("POST", "/payout/v3/spendback/refund", { spendbackId, amount, ...more });
  }

  list(query: string): Promise<Reply> {
    return this.api("GET", `/payout/v3/spendback?${query}`);
  }

  balances(ref: string): Promise<Reply> {
    return this.api("GET", `/payout/v3/recipient/balance?recipientRef=${ref}`);
  }

  async turn(name: string, value: string | number): Promise<void> {
    const body = { provider: "nexio", switch: name, value };
    const { status, text } = await this.client.call("POST", "/_sandbox/switches", { body });
    if (status !== 200) throw new Error(text);
  }

  /** Every movement with this reference. */
  async moved(reference: string): Promise<string[]> {
    const { body } = await this.client.call("GET", `/_sandbox/ledger?provider=nexio&reference=${reference}`);
    return body.movements.map(
      (each: { direction: string; account: string; status: string; amount: { value: number; currency: string } }) =>
        `${each.direction} ${each.account} ${each.amount.value} ${each.amount.currency} ${each.status}`,
    );
  }

  /** Minor units now, as the truth has them. */
  async funds(account: string, currency = "USD"): Promise<number | undefined> {
    const { body } = await this.client.call("GET", "/_sandbox/accounts?provider=nexio");
    const found = body.accounts.find((each: { account: string }) => each.account === account);
    return found?.balances.find((each: { currency: string }) => each.currency === currency)?.value;
  }
}
