/** The one place where batches meet what a transaction cost: sums of whole numbers by name, whatever the names are. */
import type { Transaction } from "./transaction.ts";

export type CostSum = Readonly<Record<string, number>>;

/** What is known of one transaction's cost, as whole numbers that may be added up. Empty while transactions carry none. */
export function costOf(_transaction: Transaction): CostSum {
  return {};
}

/** A sum as the API shows it: `{dollars, transactions}`. Undefined while transactions carry no cost. */
export function shownCost(_sum: CostSum): { readonly dollars: string; readonly transactions: number } | undefined {
  return undefined;
}

export function plus(one: CostSum, other: CostSum): CostSum {
  const sum: Record<string, number> = { ...one };
  for (const [name, value] of Object.entries(other)) sum[name] = (sum[name] ?? 0) + value;
  return sum;
}
