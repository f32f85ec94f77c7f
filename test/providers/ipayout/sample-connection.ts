/** An i-payout connection for the tests, with the account that the sandbox knows, and orders for it. */
import { amountOf } from "../../../lib/domain/money.ts";
import { type ConfiguredConnection, parseConnections } from "../../../lib/providers/connections.ts";
import type { Exchange, HttpClient } from "../../../lib/providers/http.ts";
import type { Connector, SpendbackOrder } from "../../../lib/providers/port.ts";

export const merchantId = "5f0c2e4a-7f55-4b6e-9c43-2a1f6d0b7e11";

export type Profile = "guide" | "openapi";
export const profiles: readonly Profile[] = ["guide", "openapi"];

export interface ConnectionOptions {
  readonly profile?: Profile;
  readonly baseUrl?: string;
  readonly timeoutMs?: number;
  readonly password?: string;
}

/** What i-payout's connector has, and must have. */
export type Ready = Required<Pick<Connector, "authenticate" | "balance" | "spendback">>;

/** The connector of a connection, made the way the configuration makes it. */
export function connect(http: HttpClient, options: ConnectionOptions = {}): Ready {
  const entry = {
    id: "ipayout",
    provider: "ipayout",
    baseUrl: "http://provider.invalid",
    username: "moneyback",
    password: "sandbox-password",
    merchantId,
    ...options,
  };
  const { configured, broken } = parseConnections(JSON.stringify([entry]), http);
  const [connection]: readonly (ConfiguredConnection | undefined)[] = configured;
  const { authenticate, balance, spendback } = connection?.connector ?? {};
  if (!authenticate || !balance || !spendback) throw new Error(`the connection is wrong: ${JSON.stringify(broken)}`);
  return { authenticate, balance, spendback };
}

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
