/** What starts a flow, and what a flow is started with: ids and decisions, no data. */
import type { Kind, Transaction } from "../domain/transaction.ts";

export interface FlowInput {
  readonly transactionId: string;
  readonly connection: string;
  readonly kind: Kind;
  /** Present where money may have moved already: the flow then begins with the lookup. */
  readonly submission?: Submission;
}

/** What the flow knows of a submission: decisions only. */
export interface Submission {
  readonly outcome: "settled" | "accepted" | "declined" | "canceled" | "unknown";
  /** Whether the flow has nothing more to do. */
  readonly over: boolean;
  /** How many lookups this flow has made. */
  readonly lookups: number;
  /** How long to wait before the next one. */
  readonly waitSeconds: number;
}

export interface FlowStarter {
  /** Starts a flow. Starting one twice is harmless: only one of them claims the attempt. */
  start(input: FlowInput): Promise<void>;
}

/** Waits between a flow's lookups; together one minute. What is open then is left to follow-up. */
export const lookupWaitsSeconds = [1, 2, 4, 8, 15, 30] as const;

/** What to start a flow with, from where the transaction stands. */
export function flowInputOf(transaction: Transaction): FlowInput {
  const { id, connection, kind } = transaction;
  const input: FlowInput = { transactionId: id, connection, kind };
  if (transaction.attempt !== "open") return input;
  return { ...input, submission: { outcome: "unknown", over: false, lookups: 0, waitSeconds: 1 } };
}
