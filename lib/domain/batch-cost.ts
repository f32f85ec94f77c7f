/** What the transactions of a batch cost together: their counts, added up, and how many transactions they are. */
import { Cost, type PresentedCost, presentCost } from "./cost.ts";
import type { Transaction } from "./transaction.ts";

/** By name, so that a count that a newer version writes is kept. */
export type CostSum = Readonly<Record<string, number>>;

/** One transaction's. Empty where it was never metered. */
export function costOf({ cost }: Pick<Transaction, "cost">): CostSum {
  return cost ? { transactions: 1, ...cost } : {};
}

/** A sum as the API shows it. `at`: when the batch began, for the list prices. Undefined while nothing is known. */
export function shownCost(
  { transactions = 0, ...counts }: CostSum,
  at: string,
): (PresentedCost & { readonly transactions: number }) | undefined {
  return transactions > 0 ? { ...presentCost(Cost.parse(counts), at), transactions } : undefined;
}

export function plus(one: CostSum, other: CostSum): CostSum {
  const sum: Record<string, number> = { ...one };
  for (const [name, value] of Object.entries(other)) sum[name] = (sum[name] ?? 0) + value;
  return sum;
}
