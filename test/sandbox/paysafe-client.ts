/** A bare HTTP client of the sandbox's Paysafe for its tests: it knows paths and headers, nothing of lib/. */

import type { SandboxOptions } from "../../sandbox/server.ts";
import { type Client, open, type Reply } from "./client.ts";

const ACCOUNT = "/paysafe/cardpayments/v1/accounts/89987201";

const AUTHORIZATION = `Basic ${Buffer.from("moneyback:sandbox-password").toString("base64")}`;

export const openPaysafe = async (options: Partial<SandboxOptions> = {}): Promise<PaysafeClient> =>
  new PaysafeClient(await open(options));

export class PaysafeClient {
  readonly sandbox: Client;

  constructor(sandbox: Client) {
    this.sandbox = sandbox;
  }

  /** Below the account. */
  api(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const init = { headers: { authorization: AUTHORIZATION, ...headers }, ...(body === undefined ? {} : { body }) };
    return this.sandbox.call(method, path.startsWith("/paysafe") ? path : ACCOUNT + path, init);
  }

  refund(merchantRefNum: string, more: Record<string, unknown> = {}, settlement = "stl-100"): Promise<Reply> {
    return this.api("POST", `/settlements/${settlement}/refunds`, { merchantRefNum, amount: 100, ...more });
  }

  find(merchantRefNum: string, more = ""): Promise<Reply> {
    return this.api("GET", `/refunds?merchantRefNum=${merchantRefNum}${more}`);
  }

  cancel(id: string): Promise<Reply> {
    return this.api("PUT", `/refunds/${id}`, { status: "CANCELLED" });
  }

  async available(settlement = "stl-100"): Promise<number> {
    return (await this.api("GET", `/settlements/${settlement}`)).body.availableToRefund;
  }

  arm(operation: string, fault: string, more: Record<string, unknown> = {}): Promise<Reply> {
    return this.sandbox.call("POST", "/_sandbox/faults", {
      body: { provider: "paysafe", operation, fault, ...more },
    });
  }

  turn(name: string, value: string | number): Promise<Reply> {
    return this.sandbox.call("POST", "/_sandbox/switches", { body: { provider: "paysafe", switch: name, value } });
  }

  /** Every movement with this reference. */
  async moved(reference: string): Promise<string[]> {
    const { body } = await this.sandbox.call("GET", `/_sandbox/ledger?provider=paysafe&reference=${reference}`);
    return body.movements.map(
      (each: { direction: string; account: string; status: string; amount: { value: number; currency: string } }) =>
        `${each.direction} ${each.account} ${each.amount.value} ${each.amount.currency} ${each.status}`,
    );
  }

  /** Minor units now, as the truth has them. */
  async funds(account: string): Promise<number> {
    const { body } = await this.sandbox.call("GET", "/_sandbox/accounts?provider=paysafe");
    return body.accounts.find((each: { account: string }) => each.account === account)?.balances[0].value;
  }
}
