/** A bare HTTP client of the sandbox's Mircate for its tests: it knows paths and headers, nothing of lib/. */

import type { SandboxOptions } from "../../sandbox/server.ts";
import type { Client, Reply } from "./client.ts";
import { open } from "./client.ts";

export interface MircateClient {
  readonly client: Client;
  call(method: string, body: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** Of Alice's payment of 100.00 TRY, by her account's number. */
  refund(changes?: object): Promise<Reply>;
  spend(changes?: object): Promise<Reply>;
  list(changes?: object): Promise<Reply>;
  turn(name: string, value: string | number): Promise<Reply>;
  arm(operation: string, fault: string, more?: object): Promise<Reply>;
  /** Every movement. */
  moved(): Promise<string[]>;
}

export const openMircate = async (options: Partial<SandboxOptions> = {}): Promise<MircateClient> => {
  const client = await open(options);
  const call: MircateClient["call"] = (method, body, headers = {}) => {
    const tail = method === "listTransactions" ? "sandbox-project" : "sandbox-project-sandbox-account";
    return client.call("POST", `/mircate/CALL/WalletAPI/${method}/${tail}`, {
      headers: { "x-api-key": "sandbox-api-key", ...headers },
      body,
    });
  };
  const control = (path: string, body: object): Promise<Reply> =>
    client.call("POST", `/_sandbox/${path}`, { body: { provider: "mircate", ...body } });
  return {
    client,
    call,
    refund: (changes) => call("refund", { transactionId: "spent-100", accountNumber: "alice-try", ...changes }),
    spend: (changes) => call("spend", { amount: 1_000, channel: "POS", accountNumber: "alice-try", ...changes }),
    list: (changes) => call("listTransactions", { accountNumber: "alice-try", pageSize: 50, ...changes }),
    turn: (name, value) => control("switches", { switch: name, value }),
    arm: (operation, fault, more = {}) => control("faults", { operation, fault, ...more }),
    moved: async () => {
      const { body } = await client.call("GET", "/_sandbox/ledger?provider=mircate");
      return body.movements.map(
        (each: {
          operation: string;
          direction: string;
          account: string;
          amount: { value: number; currency: string };
          original?: string;
        }) =>
          [each.operation, each.direction, each.account, each.amount.value, each.amount.currency, each.original]
            .filter((part) => part !== undefined)
            .join(" "),
      );
    },
  };
};
