/** A Mircate connection for the tests, with the account that the sandbox knows, and refunds for it. */
import { amountOf } from "../../../lib/domain/money.ts";
import type { Exchange, HttpClient, HttpRequest } from "../../../lib/providers/http.ts";
import { mircate } from "../../../lib/providers/mircate/provider.ts";
import type { Connector, RefundOrder } from "../../../lib/providers/port.ts";
import { connectorOf } from "../connector-of.ts";

export interface ConnectionOptions {
  readonly baseUrl?: string;
  readonly timeoutMs?: number;
  readonly apiKey?: string;
  readonly projectId?: string;
  readonly accountId?: string;
  readonly amountUnit?: "minor" | "major";
  readonly currency?: string;
  readonly sharedAccounts?: boolean;
}

/** Refunds, with what Mircate's always have. */
export type Refunds = Required<Pick<NonNullable<Connector["refund"]>, "exclusive" | "prepare">> &
  NonNullable<Connector["refund"]>;

export const connectionEntry = {
  id: "mircate",
  provider: "mircate",
  baseUrl: "http://provider.invalid",
  apiKey: "sandbox-api-key",
  projectId: "sandbox-project",
  accountId: "sandbox-account",
  amountUnit: "minor",
} as const;

/** The connector of a connection, made the way the configuration makes it. */
export function configure(http: HttpClient, options: ConnectionOptions = {}): Connector {
  return connectorOf(mircate, { ...connectionEntry, ...options }, http);
}

export function connect(http: HttpClient, options: ConnectionOptions = {}): Refunds {
  const { refund } = configure(http, options);
  const { exclusive, prepare } = refund ?? {};
  if (!refund || !exclusive || !prepare) throw new Error("a call is missing");
  return { ...refund, exclusive, prepare };
}

/** A connector whose calls meet these answers, one after the other; the last one repeats. */
export function connectTo(
  exchanges: readonly Exchange[],
  options: ConnectionOptions = {},
  onCall: (request: HttpRequest) => void = () => {},
): Refunds {
  let calls = 0;
  return connect((request) => {
    onCall(request);
    const exchange = exchanges[Math.min(calls, exchanges.length - 1)];
    calls += 1;
    return exchange ? Promise.resolve(exchange) : Promise.reject(new Error("nobody expected this call"));
  }, options);
}

export function answered(status: number, text: string): Exchange {
  return { kind: "answered", status, text };
}

/** 50.00 TRY of the payment of 100.00 in Alice's account, unless told otherwise. */
export function refundOf(changes: Partial<RefundOrder> = {}): RefundOrder {
  return {
    reference: "txn_refund",
    createdAt: new Date("2026-11-05T10:00:00.000Z"),
    amount: amountOf(5_000, "TRY"),
    original: "spent-100",
    account: { accountNumber: "alice-try" },
    splits: [],
    ...changes,
  };
}

/** A row of a list, as the page documents it; members that are undefined are left out. */
export function rowOf(changes: Readonly<Record<string, unknown>> = {}): object {
  return {
    transactionId: "new",
    type: "REFUNDED",
    amount: 5_000,
    description: "",
    channel: "POS",
    createdAt: "2026-11-05T10:00:01.000Z",
    ...changes,
  };
}

/** A page with all the rows there are, unless told otherwise. */
export function pageOf(rows: readonly unknown[], changes: Readonly<Record<string, unknown>> = {}): Exchange {
  const page = { transactions: rows, from: 0, pageSize: 50, total: rows.length, size: rows.length, ...changes };
  return answered(200, JSON.stringify(page));
}
