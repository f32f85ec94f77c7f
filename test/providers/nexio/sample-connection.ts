/** A Nexio connection for the tests, with the account that the sandbox knows, and orders for it. */
import { amountOf } from "../../../lib/domain/money.ts";
import type { Exchange, HttpClient } from "../../../lib/providers/http.ts";
import { nexio } from "../../../lib/providers/nexio/provider.ts";
import type { Connector, RefundOrder, SpendbackOrder, WebhookCalls } from "../../../lib/providers/port.ts";
import { connectorOf } from "../connector-of.ts";

/** The recipient of the documented sample. */
export const jane = {
  id: "137241",
  ref: "9467e04a-3f19-473f-a8b3-a1bc09a2ede8",
  email: "jane@example.com",
} as const;

export const reference = "43b57dce-4dca-474a-84f4-4684f3a8aa52";

const createdAt = new Date("2026-11-05T10:00:00.000Z");

export interface ConnectionOptions {
  readonly baseUrl?: string;
  readonly timeoutMs?: number;
  readonly apiKey?: string;
  readonly providerId?: number;
  readonly balancePath?: string | false;
  readonly spendbackRefunds?: object;
  readonly webhookSecret?: string;
}

/** What Nexio's connector has with refunds switched on. */
export type Ready = Required<Pick<Connector, "balance" | "spendback" | "refund">>;

/** The connector of a connection, made the way the configuration makes it. */
export function configure(http: HttpClient, options: ConnectionOptions = {}): Connector {
  return connectorOf(nexio, entryOf(options), http);
}

function entryOf(options: ConnectionOptions): object {
  return {
    id: "nexio",
    provider: "nexio",
    baseUrl: "http://provider.invalid",
    username: "user_0123456789abcdef0123456789abcdef",
    apiKey: "apiKey_sandbox",
    ...options,
  };
}

/** Its webhooks, read at a time of the test's own. */
export function webhooksOf(options: ConnectionOptions, now: Date, http: HttpClient = nobody): WebhookCalls {
  const { webhooks } = connectorOf(nexio, entryOf(options), http, () => now);
  if (!webhooks) throw new Error("there are no webhooks");
  return webhooks;
}

const nobody: HttpClient = () => Promise.reject(new Error("the provider was called"));

export function connect(http: HttpClient, options: ConnectionOptions = {}): Ready {
  const { balance, spendback, refund } = configure(http, {
    spendbackRefunds: { path: "/payout/v3/spendback/refund" },
    ...options,
  });
  if (!balance || !spendback || !refund) throw new Error("a call is missing");
  return { balance, spendback, refund };
}

/** A connector whose calls meet these answers, one after the other; the last one repeats. */
export function connectTo(
  exchanges: readonly Exchange[],
  options: ConnectionOptions = {},
  onCall: (url: string) => void = () => {},
): Ready {
  let calls = 0;
  return connect(({ url }) => {
    onCall(url);
    const exchange = exchanges[Math.min(calls, exchanges.length - 1)];
    calls += 1;
    return exchange ? Promise.resolve(exchange) : Promise.reject(new Error("nobody expected this call"));
  }, options);
}

export function answered(status: number, text: string): Exchange {
  return { kind: "answered", status, text };
}

/** 14.83 USD from Jane by her recipientId, unless told otherwise. */
export function orderOf(changes: Partial<SpendbackOrder> = {}): SpendbackOrder {
  return { reference, createdAt, amount: amountOf(1_483, "USD"), recipient: { id: jane.id }, ...changes };
}

/** 5.00 USD of the sample's spendback, unless told otherwise. */
export function refundOf(changes: Partial<RefundOrder> = {}): RefundOrder {
  return {
    reference: "txn_refund",
    createdAt,
    amount: amountOf(500, "USD"),
    original: "2598",
    account: {},
    splits: [],
    ...changes,
  };
}
