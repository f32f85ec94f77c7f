/** What a change of a transaction is made of: what must hold before, what changes, what the log says. */
import type { Cost } from "./cost.ts";
import type { LogEntry, Status, Transaction } from "./transaction.ts";

/** Holds when every named member has this value. `logLength` makes a change valid for exactly the state that was read. */
export interface Expectation {
  readonly status: Status;
  readonly attempt?: "open" | "not-sent";
  readonly attempts?: number;
  readonly logLength?: number;
  /** The due time that was seen. */
  readonly nextActionAt?: string;
  /** True: the amount is not known yet. */
  readonly unpriced?: true;
  readonly owed?: true;
}

export interface Transition {
  /** One of these must hold, else nothing changes. */
  readonly expect: readonly Expectation[];
  readonly set: Partial<
    Pick<
      Transaction,
      | "status"
      | "attempt"
      | "attemptId"
      | "providerTransactionId"
      | "failure"
      | "nextActionAt"
      | "notBefore"
      | "amount"
      | "splits"
      | "snapshot"
      | "owed"
      | "alarm"
      | "resolution"
    >
  >;
  readonly remove: readonly ("attempt" | "nextActionAt" | "snapshot" | "owed")[];
  /** Whose it is to act on, where that changes: the operator of a tenant, or (again) follow-up. */
  readonly dueFor?: { readonly operatorOf: string } | { readonly followUpOf: string };
  /** Counts one more attempt. */
  readonly attempts?: "increment";
  /** Appended to the log; or, with `fold`, the entry at this place learns that the same was found again. */
  readonly entry: LogEntry;
  readonly fold?: number;
  /** Whoever makes it goes on with the same step, or tries it again: it is not what the step came to. */
  readonly goesOn?: true;
  /** Added to the cost. */
  readonly spent?: Cost;
}

/** Who acts, and when. */
export interface Actor {
  readonly by: string;
  readonly at: Date;
}
