/** An order of a transaction, and what people and machines do with it. */
import type { Kind } from "../../lib/domain/transaction.ts";

export interface Order {
  readonly name: string;
  readonly tenant: string;
  readonly key: string;
  readonly kind: Kind;
  readonly connection: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Seconds that the caller waits for the outcome; 0: not at all. */
  readonly waitSeconds: number;
}

const actionKinds = ["order", "repeat", "event", "other event", "reuse", "peek", "read", "cancel", "operate"] as const;

export interface OrderAction {
  /** An event that comes again is the same event; another one only has the same key. */
  readonly kind: (typeof actionKinds)[number];
  /** Which order; a place in the workload's list. */
  readonly order: number;
  /** Milliseconds after the beginning. */
  readonly at: number;
}
