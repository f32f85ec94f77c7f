/** What a provider's stand-in consists of; the frame brings the rest (HTTP, faults, ledger, switches, request log). */

import type { IncomingHttpHeaders } from "node:http";
import type { Fate, FaultName } from "./faults.ts";
import type { Change, Ledger, Seeds } from "./ledger.ts";
import type { Movement } from "./movement.ts";
import type { SwitchOwner } from "./switches.ts";
import type { Webhook } from "./webhook.ts";

export interface Provider extends SwitchOwner {
  /** Also the first segment of its base URL. */
  readonly id: string;
  /** Whether paths and query names match in any case. */
  readonly ignoresCase: boolean;
  /** The operations that faults can strike, with the faults that apply to each. */
  readonly operations: Readonly<Record<string, readonly FaultName[]>>;
  readonly seeds: Seeds;
  /** What a client's connection to it consists of, beside the base URL: the credentials are the sandbox's own and open nothing else. */
  connection(baseUrl: string): Readonly<Record<string, unknown>>;
  /** One order of each kind that it takes, which succeeds on the seeds. */
  readonly tour: readonly TourStop[];
  /** Absent: it documents none. */
  readonly webhooks?: Webhooks;
  /** Called at start and at each reset: what it keeps in memory begins anew. */
  open(world: World): Desk;
}

/** An order as Moneyback's API takes it: the body of that kind's POST, without the connection. */
export interface TourStop {
  readonly kind: "spendback" | "refund" | "cashback";
  readonly what: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a provider sends by itself. */
export interface Webhooks {
  /** Whether it signs for a receiver that has a secret. */
  readonly isSigned: boolean;
  /** What it tells of its own movements that changed together, in one call or at one time; nothing of those that it has no event for. */
  tell(world: World, movements: readonly Movement[], what: Change["what"]): readonly Webhook[];
}

/** What a provider may use. */
export interface World {
  readonly ledger: Ledger;
  /** The value of one of the provider's switches. */
  switchValue(name: string): string | number;
  /** Milliseconds since the epoch. */
  now(): number;
  /** A UUID that was never given before. */
  newId(): string;
  /** The provider's address, for links in what it sends by itself; no slash at its end. */
  baseUrl(): string;
}

/** A provider that takes calls. */
export interface Desk {
  /** The first match wins. */
  readonly routes: readonly Route[];
  /** What it answers when it breaks inside, when calls come too fast, when a token is too old. */
  internalError(): Answer;
  rateLimited(): Answer;
  tokenExpired(): Answer;
  /** No route has this path; or one has, with another method. */
  noRoute(reason: "path" | "method"): Answer;
}

export interface Route {
  readonly method: string;
  /** Segments, `:name` for a parameter: `/api/v1/beneficiaries/:token`. */
  readonly path: string;
  readonly operation: string;
  /** The caller's reference in this call, for the request log. */
  readonly reference?: (call: Call) => string | undefined;
  /** Synchronous, so that it is atomic: checks and records in one turn. */
  readonly handle: (call: Call) => Answer;
}

export interface Call {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly params: Readonly<Record<string, string>>;
  /** First value of each name; names in lower case where the provider ignores case. */
  readonly query: ReadonlyMap<string, string>;
  /** The body as it came. */
  readonly text: string;
  /** The body, parsed with `parseJson`; undefined where empty or unreadable. */
  readonly json: unknown;
  /** Spread into each movement that the call records. */
  readonly fate: Fate;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Empty for an answer without a body. */
  readonly body: string;
}
