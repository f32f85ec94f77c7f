/** When a transaction is due: how long its flow is left alone, and how long to wait between follow-ups. */
import { followedUpDetail, timesIn } from "./log-entry.ts";
import type { Transaction } from "./transaction.ts";

/**
 * How long a flow is left alone before the transaction counts as due: longer than a flow runs (its minute of lookups and
 * the time that providers take), so that follow-up and flow do not ask the same provider at the same time.
 */
export const flowGraceMs = 90_000;

/** How long after the deadline the last lookup may take before an operator is asked without it. */
export const lastLookMs = 300_000;

/** When following up ends. Counted from the beginning, or from its turn: what is open for days is nobody's success. */
export function deadlineOf(
  { createdAt, notBefore = createdAt }: Pick<Transaction, "createdAt" | "notBefore">,
  deadlineHours: number,
): Date {
  return new Date(Date.parse(notBefore) + deadlineHours * 3_600_000);
}

/** The waits between follow-ups; the last one repeats. */
const followUpIntervalsMs = [10_000, 30_000, 120_000, 600_000, 3_600_000] as const;

/** When to follow up for the `n`th time, counted from 0. */
export function followUpAt(now: Date, n: number): string {
  const wait = followUpIntervalsMs[Math.min(n, followUpIntervalsMs.length - 1)] ?? 3_600_000;
  return new Date(now.getTime() + wait).toISOString();
}

/** How often a transaction was followed up already. */
export function followUpsOf({ log }: Pick<Transaction, "log">): number {
  return timesIn(log, (detail) => detail === followedUpDetail);
}

/** Whether it stands in line for its turn: made to start later, and taken up by nobody yet. */
export function waitsForTurn({
  status,
  notBefore,
  nextActionAt,
}: Pick<Transaction, "status" | "notBefore" | "nextActionAt">): boolean {
  return status === "pending" && notBefore !== undefined && nextActionAt === notBefore;
}

/** Whether somebody should have acted on it by now. */
export function isOverdue({ nextActionAt }: Pick<Transaction, "nextActionAt">, now: Date): boolean {
  return nextActionAt !== undefined && nextActionAt <= now.toISOString();
}
