/** What every provider can be asked, whoever it is. A provider is a folder that implements this and a line in the registry. */
import type * as z from "zod/mini";
import type { FieldError } from "../domain/errors.ts";
import type { Amount, Balance } from "../domain/money.ts";
import type { Finding, Outcome, Reading } from "../domain/outcome.ts";
import type { Kind, Recipient } from "../domain/transaction.ts";
import type { CommonConnection } from "./connection.ts";
import type { HttpClient } from "./http.ts";

/** A payee's wallet pays the merchant. */
export interface SpendbackOrder {
  /** The transaction id: our reference at the provider, the same for every attempt. */
  readonly reference: string;
  readonly amount: Amount;
  readonly recipient: Recipient;
  readonly description?: string;
}

export interface BalanceQuery {
  /** The wallet, as the provider names it in a balance call. */
  readonly account: string;
  readonly currency: string;
}

/** A token and how long the provider says it lives. */
export interface Login {
  readonly token: string;
  readonly lifetimeMs: number;
}

/** One connection at one provider, ready to be called. Calls never throw for what a provider answers: they tell it. */
export interface Connector {
  /** Gets a token. Absent where the credentials go with every call. */
  readonly authenticate?: () => Promise<Reading<Login>>;
  readonly balance: (query: BalanceQuery, token: string | undefined) => Promise<Reading<Balance>>;
  /** What money-moving orders the connection takes. Absent: unsupported. */
  readonly spendback?: SpendbackCalls;
}

export interface SpendbackCalls {
  /** What is wrong with an order before anything is sent; paths as in the API's request. */
  readonly check: (order: SpendbackOrder) => readonly FieldError[];
  /** The account whose balance must cover the order, as `balance` takes it. */
  readonly payer: (order: SpendbackOrder) => string;
  /** Moves the money: the one call that must never be made twice. */
  readonly submit: (order: SpendbackOrder, token: string | undefined) => Promise<Outcome>;
  /** Finds the order again by our reference. It only reads. */
  readonly lookUp: (order: SpendbackOrder, token: string | undefined) => Promise<Reading<Finding>>;
}

/** A provider: what it can move, and how a configured connection becomes one that can be called. */
export interface Provider {
  readonly id: string;
  readonly kinds: readonly Kind[];
  /** Checks an entry of the connections against the provider's shape and makes its connector. */
  readonly configure: (
    entry: unknown,
    http: HttpClient,
  ) => { readonly config: CommonConnection; readonly connector: Connector } | { readonly problems: readonly string[] };
}

/** Makes a provider from its connection's schema and its connector. */
export function defineProvider<Connection extends CommonConnection>(definition: {
  readonly id: string;
  readonly kinds: readonly Kind[];
  readonly Connection: z.ZodMiniType<Connection>;
  readonly connect: (connection: Connection, http: HttpClient) => Connector;
}): Provider {
  const { id, kinds, Connection, connect } = definition;
  return {
    id,
    kinds,
    configure: (entry, http) => {
      const parsed = Connection.safeParse(entry);
      if (parsed.success) return { config: parsed.data, connector: connect(parsed.data, http) };
      return { problems: parsed.error.issues.map(problemOf) };
    },
  };
}

/** Names the member and never its value, which may be a secret. */
function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") return `unknown members: ${issue.keys.join(", ")}`;
  return `${issue.path.join(".") || "it"}: ${issue.message}`;
}
