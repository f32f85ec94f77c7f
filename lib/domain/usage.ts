/** What a tenant's transactions of a month came to. */
import * as z from "zod/mini";
import { Cost, noCost, sumOfCosts } from "./cost.ts";
import { isFinal, type Transaction } from "./transaction.ts";

/** Absent, written before there was such a kind or status, is none. */
const count = z._default(z.int(), 0);

/** A sum of many amounts may be more than a safe integer. */
const Sum = z.pipe(
  z.union([z.int(), z.bigint()]),
  z.transform((sum: number | bigint) => BigInt(sum)),
);

/** Of the transactions that began in the month, whenever they ended. */
export const UsageFigures = z.object({
  transactions: z.object({ spendback: count, refund: count, cashback: count }),
  byStatus: z.object({
    pending: count,
    processing: count,
    succeeded: count,
    failed: count,
    canceled: count,
    needs_review: count,
  }),
  /** What succeeded, in minor units, by currency. */
  moved: z.record(z.string(), Sum),
  cost: Cost,
});
export type UsageFigures = z.infer<typeof UsageFigures>;

const text = z.string().check(z.minLength(1));

/**
 * A month as far as it is counted: each transaction once, when it was found over. Those that were not are listed, and looked at again.
 */
export const MonthUsage = z.object({
  tenant: text,
  /** `2026-11`, in UTC. */
  month: text,
  figures: UsageFigures,
  /** Ids of those that were found, and were not over. */
  open: z.array(text),
  /** Everything that began before this time was found. */
  countedTo: text,
  /** A piece after `countedTo` that is being counted, from its end (`to`) backwards: what lies at or after `before` was found. */
  underWay: z.exactOptional(z.object({ to: text, before: text })),
  /** Counts the changes: each is made to what was read, or not at all. */
  revision: z.int(),
});
export type MonthUsage = z.infer<typeof MonthUsage>;

const noFigures: UsageFigures = {
  transactions: { spendback: 0, refund: 0, cashback: 0 },
  byStatus: { pending: 0, processing: 0, succeeded: 0, failed: 0, canceled: 0, needs_review: 0 },
  moved: {},
  cost: noCost,
};

/** Nothing counted yet. */
export function beginMonth(tenant: string, month: string): MonthUsage {
  return { tenant, month, figures: noFigures, open: [], countedTo: startOf(month), revision: 0 };
}

/** Whether it will never change again: it is over, and so is everything that began in it. */
export function isSettled({ open, countedTo, month }: MonthUsage): boolean {
  return open.length === 0 && countedTo >= endOf(month);
}

/** Whether a transaction, and so its part in the figures, changes no more. */
export function isCountable({ status, owed }: Transaction): boolean {
  return isFinal(status) && !owed;
}

export function addTo(figures: UsageFigures, transactions: readonly Transaction[]): UsageFigures {
  const { transactions: byKind, byStatus, moved } = structuredClone(figures);
  for (const { kind, status, amount } of transactions) {
    byKind[kind] += 1;
    byStatus[status] += 1;
    if (status === "succeeded" && amount)
      moved[amount.currency] = (moved[amount.currency] ?? 0n) + BigInt(amount.value);
  }
  const cost = sumOfCosts([figures.cost, ...transactions.map((transaction) => transaction.cost)]);
  return { transactions: byKind, byStatus, moved, cost };
}

/** A month's first moment, ISO 8601 in UTC. */
export function startOf(month: string): string {
  return `${month}-01T00:00:00.000Z`;
}

/** The first moment after it. */
export function endOf(month: string): string {
  const start = new Date(startOf(month));
  return new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1)).toISOString();
}

/** The month of a moment, in UTC. */
export function monthOf(at: Date): string {
  return at.toISOString().slice(0, 7);
}
