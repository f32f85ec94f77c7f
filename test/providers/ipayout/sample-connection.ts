/** An i-payout connection for the tests, with the account that the sandbox knows, and orders for it. */
import { amountOf } from "../../../lib/domain/money.ts";
import type { Exchange, HttpClient } from "../../../lib/providers/http.ts";
import { ipayout } from "../../../lib/providers/ipayout/provider.ts";
import type { Connector, SpendbackOrder, WebhookCalls } from "../../../lib/providers/port.ts";
import { connectorOf } from "../connector-of.ts";

export const merchantId = "5f0c2e4a-7f55-4b6e-9c43-2a1f6d0b7e11";

export type Profile = "guide" | "openapi";
export const profiles: readonly Profile[] = ["guide", "openapi"];

export interface ConnectionOptions {
  readonly profile?: Profile;
  readonly baseUrl?: string;
  readonly timeoutMs?: number;
  readonly password?: string;
  readonly webhookSecret?: string;
  readonly webhookSignature?: string;
  readonly webhookUrl?: string;
}

/** What i-payout's connector has, and must have. */
export type Ready = Required<Pick<Connector, "authenticate" | "balance" | "spendback">>;

/** The connector of a connection, made the way the configuration makes it. */
export function connect(http: HttpClient, options: ConnectionOptions = {}): Ready {
  const connector = connectorOf(ipayout, entryOf(options), http);
  const { authenticate, balance, spendback } = connector;
  if (!authenticate || !balance || !spendback) throw new Error("a call is missing");
  return { authenticate, balance, spendback };
}

function entryOf(options: ConnectionOptions): object {
  return {
    id: "ipayout",
    provider: "ipayout",
    baseUrl: "http://provider.invalid",
    username: "moneyback",
    password: "sandbox-password",
    merchantId,
    ...options,
  };
}

/** Its webhooks, read at a time of the test's own. */
export function webhooksOf(options: ConnectionOptions, now: Date): WebhookCalls {
  const { webhooks } = connectorOf(ipayout, entryOf(options), nobody, () => now);
  if (!webhooks) throw new Error("there are no webhooks");
  return webhooks;
}

const nobody: HttpClient = () => Promise.reject(new Error("the provider was called"));

/** A connector to whom every call brings the same. */
export function connectTo(exchange: Exchange, profile: Profile = "guide") {
  return connect(() => Promise.resolve(exchange), { profile });
}

/** 100.00 USD from Alice's wallet, unless told otherwise. */
export function orderOf(changes: Partial<SpendbackOrder> = {}): SpendbackOrder {
  return {
    reference: "spendback_001",
    createdAt: new Date("2026-11-05T10:00:00.000Z"),
    amount: amountOf(10_000, "USD"),
    recipient: { id: "ben-alice", ref: "alice" },
    ...changes,
  };
}
