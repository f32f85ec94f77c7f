/** What every provider can be asked, whoever it is. A provider is a folder that implements this and a line in the registry. */
import type * as z from "zod/mini";
import type { FieldError } from "../domain/errors.ts";
import type { Amount, Balance } from "../domain/money.ts";
import type { Finding, Outcome, Reading } from "../domain/outcome.ts";
import type { Share } from "../domain/splits.ts";
import type { Recipient, RefundAccount } from "../domain/transaction.ts";
import type { CommonConnection } from "./connection.ts";
import type { HttpClient } from "./http.ts";

/** What every order carries. */
export interface Order {
  /** The transaction id: our reference at the provider, the same for every attempt. */
  readonly reference: string;
  /** When the transaction began: nothing of it can be older, so a lookup may begin here. */
  readonly createdAt: Date;
  readonly amount: Amount;
  readonly description?: string;
  /** The provider's own id, once an answer named it. */
  readonly providerTransactionId?: string;
  /** What `prepare` noted before the first attempt. */
  readonly snapshot?: string;
  /** The provider's ids of movements that are known to be other transactions': a lookup leaves them aside. */
  readonly othersMovements?: readonly string[];
  /**
   * Which attempt this is, from 1, of those that may have reached the provider: on a later one a refusal may be the trace of an
   * earlier one that was in doubt. Absent: not known.
   */
  readonly attempt?: number;
}

/** A payee's wallet pays the merchant. */
export interface SpendbackOrder extends Order {
  readonly recipient: Recipient;
}

/** An earlier payment returns, wholly or partly. The amount is always explicit: "the rest" would be another sum the second time. */
export interface RefundOrder extends Order {
  /** The provider's id of the payment that returns. */
  readonly original: string;
  readonly account: RefundAccount;
  /** Shares clawed back from linked accounts, as the caller gave them and in minor units. */
  readonly splits: readonly Share[];
}

/** The merchant's wallet that a cashback is paid from. */
export interface Sender {
  readonly accountNumber: string;
  readonly walletNumber: string;
}

/** The merchant credits a customer's wallet. */
export interface CashbackOrder extends Order {
  /** Absent: the connection's own. */
  readonly sender?: Sender;
  readonly receiver: { readonly walletNumber: string };
}

/** An order before it is accepted. */
export type Draft<Of extends Order> = Omit<Of, "reference" | "createdAt">;

/** A refund of "the rest" has no amount until what is left is known. */
export type RefundDraft = Omit<Draft<RefundOrder>, "amount"> & { readonly amount?: Amount };

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

/** What a connector needs of the world. */
export interface Outside {
  readonly http: HttpClient;
  readonly now: () => Date;
  /** Reserves the connection's next request, so that nothing is waited for between a claim and its call. Absent: nothing limits it. */
  readonly reserve?: () => Promise<Reservation>;
}

export type Reservation =
  /** `release` gives back what is not used: the next request of the connection must not go in its turn. */
  | { readonly kind: "reserved"; readonly release: () => void }
  /** The connection's rate is used up for longer than one should wait, or the provider is down. */
  | { readonly kind: "refused"; readonly detail: string };

/** One connection at one provider, ready to be called. Calls never throw for what a provider answers: they tell it. */
export interface Connector {
  /** Gets a token. Absent where the credentials go with every call. */
  readonly authenticate?: () => Promise<Reading<Login>>;
  /** Absent: the provider, or this connection, cannot tell. */
  readonly balance?: (query: BalanceQuery, token: string | undefined) => Promise<Reading<Balance>>;
  /** What the connection can move. Absent: unsupported. */
  readonly spendback?: MovementCalls<SpendbackOrder> & PaidFromBalance<SpendbackOrder>;
  readonly refund?: MovementCalls<RefundOrder, RefundDraft> & ReturnsOriginal;
  readonly cashback?: MovementCalls<CashbackOrder> & PaidFromBalance<CashbackOrder> & PaidBySender;
  /** Reads what the provider sends by itself. Absent: it documents no webhooks. */
  readonly webhooks?: WebhookCalls;
}

export interface MovementCalls<Of extends Order, DraftOf = Draft<Of>> {
  /** What is wrong with an order before anything is recorded or sent; paths as in the API's request. Pure. */
  readonly check: (draft: DraftOf) => readonly FieldError[];
  /** Moves the money: the one call that must never be made twice. */
  readonly submit: (order: Of, token: string | undefined) => Promise<Outcome>;
  /** Finds the order again, by our reference or the provider's id. It only reads. */
  readonly lookUp: (order: Of, token: string | undefined) => Promise<Reading<Finding>>;
  /** What the provider's documentation proves about a repeated reference. False: nothing, so the order is never sent again. */
  readonly rejectsDuplicates: false | DuplicateRejection;
  /** Takes a pending order back. Absent: the provider does not. */
  readonly cancel?: (order: Of, token: string | undefined) => Promise<Cancellation>;
  /** Names what only one order at a time may be in flight for. Absent: any number may be. */
  readonly exclusive?: (order: Of) => string;
  /** Notes, before the first attempt, what a later lookup is compared with. It only reads; the note is kept as it is, up to 100 kB. */
  readonly prepare?: (order: Of, token: string | undefined) => Promise<Reading<string>>;
}

/** The provider rejects a reference that it has seen: an empty lookup may be followed by one more submission. */
export interface DuplicateRejection {
  /** How long after an attempt has ended an empty lookup is believed. */
  readonly lookupLagMs: number;
  /** How long the provider remembers a reference. */
  readonly remembersMs: number;
}

export interface PaidFromBalance<Of extends Order> {
  /** The account whose balance must cover the order, as `balance` takes it. Absent, or undefined for an order, where the balance cannot be read. */
  readonly payer?: (order: Of) => string | undefined;
}

export interface PaidBySender {
  /** The connection's own: who pays what names no sender. Absent: the provider has no senders to name. */
  readonly ownSender?: Sender;
}

export interface ReturnsOriginal {
  /** What is left of the original to return, by the provider's own figure; undefined where it has none. It only reads. */
  readonly remaining: (draft: RefundDraft, token: string | undefined) => Promise<Reading<Balance | undefined>>;
  /** The currency of a refund that names no amount. Undefined: it must name one. */
  readonly currency: (draft: RefundDraft) => string | undefined;
}

/** What came of taking an order back. */
export type Cancellation =
  | { readonly kind: "canceled"; readonly detail: string }
  /** The provider said that it is too late, or that it knows no such order. */
  | { readonly kind: "refused"; readonly detail: string }
  | { readonly kind: "session-rejected"; readonly detail: string }
  | { readonly kind: "unknown"; readonly detail: string };

/** What a provider sends by itself is a hint: it says where to look, and never what is true. */
export interface WebhookCalls {
  /** Pure, but for the time. Never throws, whatever comes. */
  readonly read: (delivery: WebhookDelivery) => WebhookReading;
  /** Our reference of the movement that the provider knows by this id, where a webhook names no more. It only reads. */
  readonly referenceOf?: (
    providerTransactionId: string,
    token: string | undefined,
  ) => Promise<Reading<string | undefined>>;
}

export interface WebhookDelivery {
  /** As it came, byte for byte: what a signature covers. */
  readonly body: Buffer;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The address that it was sent to. */
  readonly url: string;
}

export type WebhookReading =
  /** Signed by the provider, and lately where the signature covers a time. */
  | { readonly kind: "authentic"; readonly hint: WebhookHint }
  /** Nothing proves who sent it: the provider does not sign, or the connection has no secret to check with. */
  | { readonly kind: "unsigned"; readonly hint: WebhookHint }
  /** A signature is missing, wrong or too old. The detail quotes nothing of what came. */
  | { readonly kind: "refused"; readonly detail: string };

/** What a webhook is about. Both may be empty. */
export interface WebhookHint {
  /** Our references: transaction ids. */
  readonly references: readonly string[];
  /** The provider's ids, where it named none of ours. */
  readonly providerTransactionIds: readonly string[];
}

/** A provider: how a configured connection becomes one that can be called. */
export interface Provider {
  readonly id: string;
  /** Checks an entry of the connections against the provider's shape and makes its connector. */
  readonly configure: (entry: unknown, outsideOf: OutsideOf) => Configured | { readonly problems: readonly string[] };
}

/** What a connection's connector needs of the world: requests are paced connection by connection. */
export type OutsideOf = (connection: CommonConnection) => Outside;

export interface Configured {
  readonly config: CommonConnection;
  readonly connector: Connector;
  readonly outside: Outside;
}

/** Makes a provider from its connection's schema and its connector. */
export function defineProvider<Connection extends CommonConnection>(definition: {
  readonly id: string;
  readonly Connection: z.ZodMiniType<Connection>;
  readonly connect: (connection: Connection, outside: Outside) => Connector;
}): Provider {
  const { id, Connection, connect } = definition;
  return {
    id,
    configure: (entry, outsideOf) => {
      const parsed = Connection.safeParse(entry);
      if (!parsed.success) return { problems: parsed.error.issues.map(problemOf) };
      const outside = outsideOf(parsed.data);
      return { config: parsed.data, connector: connect(parsed.data, outside), outside };
    },
  };
}

/** Names the member and never its value, which may be a secret. */
function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") return `unknown members: ${issue.keys.join(", ")}`;
  return `${issue.path.join(".") || "it"}: ${issue.message}`;
}
