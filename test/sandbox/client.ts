/** A bare HTTP client of the sandbox for its tests: it knows paths and headers, nothing of lib/. */

import { afterEach } from "vitest";
import type { Sandbox, SandboxOptions } from "../../sandbox/server.ts";
import { startSandbox } from "../../sandbox/server.ts";

export const MERCHANT_ID = "5f0c2e4a-7f55-4b6e-9c43-2a1f6d0b7e11";
export const BASIC = `Basic ${Buffer.from("moneyback:sandbox-password").toString("base64")}`;

/** A printed sample, without the white space between its tokens. */
export const compact = (sample: string): string => sample.replace(/\s*\n\s*/g, "").replaceAll('": ', '":');

export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of many shapes
  readonly body: any;
}

const opened: Sandbox[] = [];

afterEach(async () => {
  for (const sandbox of opened.splice(0)) await sandbox.close();
});

/** A sandbox that ends with the test. */
export const open = async (options: Partial<SandboxOptions> = {}): Promise<Client> => {
  const sandbox = await startSandbox({ port: 0, ...options });
  opened.push(sandbox);
  return new Client(sandbox.url, sandbox);
};

export class Client {
  readonly url: string;
  readonly sandbox: Sandbox | undefined;
  token = "";

  constructor(url: string, sandbox?: Sandbox) {
    this.url = url;
    this.sandbox = sandbox;
  }

  async call(
    method: string,
    path: string,
    init: { headers?: Record<string, string>; body?: unknown; timeoutMs?: number } = {},
  ): Promise<Reply> {
    const { headers = {}, body, timeoutMs = 5_000 } = init;
    const response = await fetch(this.url + path, {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      parsed = undefined;
    }
    return { status: response.status, text, headers: response.headers, body: parsed };
  }

  async logIn(): Promise<this> {
    const reply = await this.call("GET", "/ipayout/api/v1/authentication/login", { headers: { authorization: BASIC } });
    this.token = reply.body.data.token;
    return this;
  }

  api(method: string, path: string, body?: unknown, timeoutMs = 5_000): Promise<Reply> {
    const headers = { authorization: `Bearer ${this.token}`, "x-merchantid": MERCHANT_ID };
    return this.call(method, `/ipayout/api/v1${path}`, { headers, body, timeoutMs });
  }

  balance(token = "ben-alice", currency = "USD"): Promise<Reply> {
    return this.api("GET", `/beneficiaries/${token}/balances/${currency}`);
  }

  /** The guide's body. */
  spendBack(reference: string, amount: unknown = 100, currency = "USD", timeoutMs = 5_000): Promise<Reply> {
    return this.api("POST", "/payins/spendback", { amount, currency, reference }, timeoutMs);
  }

  /** The OpenAPI file's body. */
  spendBackItem(reference: string, amount: number, { username = "alice", currencyCode = "USD" } = {}): Promise<Reply> {
    return this.api("POST", "/PayIn/spendback", {
      username,
      autoChargeAccount: true,
      checkoutItems: [{ amount, currencyCode, merchantReferenceId: reference, isSubscription: false }],
    });
  }

  lookUp(reference: string): Promise<Reply> {
    return this.api("GET", `/Transaction/get?merchantReferenceId=${reference}`);
  }

  arm(operation: string, fault: string, more: Record<string, unknown> = {}): Promise<Reply> {
    return this.call("POST", "/_sandbox/faults", { body: { provider: "ipayout", operation, fault, ...more } });
  }

  turn(name: string, value: string | number): Promise<Reply> {
    return this.call("POST", "/_sandbox/switches", { body: { provider: "ipayout", switch: name, value } });
  }

  /** Every movement with this reference: its status, its signed minor units. */
  async moved(reference: string): Promise<string[]> {
    const { body } = await this.call("GET", `/_sandbox/ledger?provider=ipayout&reference=${reference}`);
    return body.movements.map(
      (each: { direction: string; account: string; status: string; amount: { value: number; currency: string } }) =>
        `${each.direction} ${each.account} ${each.amount.value} ${each.amount.currency} ${each.status}`,
    );
  }

  /** Minor units now, as the truth has them. */
  async funds(account: string, currency = "USD"): Promise<number | undefined> {
    const { body } = await this.call("GET", "/_sandbox/accounts?provider=ipayout");
    const found = body.accounts.find((each: { account: string }) => each.account === account);
    return found?.balances.find((each: { currency: string }) => each.currency === currency)?.value;
  }
}
