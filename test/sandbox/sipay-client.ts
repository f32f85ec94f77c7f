/** A bare HTTP client of the sandbox's Sipay for its tests: it knows paths and headers, nothing of lib/. */

import type { SandboxOptions } from "../../sandbox/server.ts";
import type { Client, Reply } from "./client.ts";
import { open } from "./client.ts";

export const FORM = {
  grant_type: "client_credentials",
  client_id: "moneyback",
  client_secret: "sandbox-secret",
  scope: "sts_business_api",
};

/** The seed's request, with a reference of the test's own. */
export const seedRequest = (reference: string, changes: object = {}): object => ({
  ext_transaction_id: reference,
  sender_account_number: "0153253257047385",
  sender_wallet_number: "1250386995",
  amount: 2,
  currency_code: "TRY",
  description: "CASH BACK TEST",
  receiver_wallet_number: "637606074",
  source_type: "",
  channel_type: "",
  hash_key: "",
  ...changes,
});

export interface SipayClient {
  readonly client: Client;
  logIn(form?: Record<string, string>, type?: string): Promise<Reply>;
  api(path: string, body: unknown, headers?: Record<string, string>): Promise<Reply>;
  give(reference: string, changes?: object): Promise<Reply>;
  wallet(number: string, account: string): Promise<Reply>;
  search(filters: object): Promise<Reply>;
  turn(name: string, value: string | number): Promise<unknown>;
  arm(fault: string, more?: object): Promise<unknown>;
  /** Every movement with this reference. */
  moved(reference: string): Promise<string[]>;
}

/** Logged in, unless a test logs in with something else. */
export const openSipay = async (options: Partial<SandboxOptions> = {}): Promise<SipayClient> => {
  const client = await open(options);
  const api: SipayClient["api"] = (path, body, headers = {}) =>
    client.call("POST", `/sipay/v1/${path}`, {
      headers: { authorization: `Bearer ${client.token}`, "x-client-id": "sandbox-platform", ...headers },
      body,
    });
  const control = (path: string, body: object): Promise<Reply> =>
    client.call("POST", `/_sandbox/${path}`, { body: { provider: "sipay", ...body } });
  const logIn: SipayClient["logIn"] = (form = FORM, type = "application/x-www-form-urlencoded") =>
    client.call("POST", "/sipay/connect/token", {
      headers: { "content-type": type },
      body: new URLSearchParams(form).toString(),
    });
  client.token = (await logIn()).body.access_token;
  return {
    client,
    logIn,
    api,
    give: (reference, changes) => api("Transaction/CashBackCredit", seedRequest(reference, changes)),
    wallet: (number, account) => api("Wallet/Info", { account_number: account, wallet_number: number }),
    search: (filters) => api("TransactionData/SummaryRecordByFilter", { order_column: "CreatedDateUtc", ...filters }),
    turn: (name, value) => control("switches", { switch: name, value }),
    arm: (fault, more = {}) => control("faults", { operation: "cashback", fault, ...more }),
    moved: async (reference) => {
      const { body } = await client.call("GET", `/_sandbox/ledger?provider=sipay&reference=${reference}`);
      return body.movements.map(
        (each: { direction: string; account: string; status: string; amount: { value: number; currency: string } }) =>
          `${each.direction} ${each.account} ${each.amount.value} ${each.amount.currency} ${each.status}`,
      );
    },
  };
};
