/** What starts a flow, and what a flow is started with: ids and decisions, no data. */
import type { Kind, Transaction } from "../domain/transaction.ts";

export interface FlowInput {
  readonly transactionId: string;
  readonly connection: string;
  readonly kind: Kind;
  /** Spreads many starts over a minute. Absent: at once. */
  readonly startInSeconds?: number;
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
  /** The attempt of which a lookup found nothing, where the order may be sent once more: the provider rejects duplicates. */
  readonly sendAgainAfter?: number;
}

export interface FlowStarter {
  /** Starts a flow. Starting one twice is harmless: only one of them claims the attempt. */
  start(input: FlowInput): Promise<void>;
}

/** Waits between a flow's lookups; together one minute. What is open then is left to follow-up. */
export const lookupWaitsSeconds = [1, 2, 4, 8, 15, 30] as const;

/** What to start a flow with, from where the transaction stands: where money may have moved, one lookup comes first. */
export function flowInputOf(transaction: Transaction, startInSeconds = 0): FlowInput {
  const { id, connection, kind, attempt } = transaction;
  return {
    transactionId: id,
    connection,
    kind,
    ...(startInSeconds > 0 && { startInSeconds }),
    ...(attempt === "open" && { submission: lastLookup }),
  };
}

/** A flow's last lookup: what is still open after it is left to follow-up, which started the flow. */
const lastLookup: Submission = {
  outcome: "unknown",
  over: false,
  lookups: lookupWaitsSeconds.length - 1,
  waitSeconds: 0,
};
