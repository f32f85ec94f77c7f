/** Says what a batch would do, row by row, and does nothing: nothing is stored, nothing is sent but questions. */

import type { Order } from "../domain/batch-chunk.ts";
import { type FailureCode, failureMessages } from "../domain/outcome.ts";
import type { CheckedRow, RowsDependencies } from "./batch-rows.ts";
import { checkRows } from "./batch-rows.ts";
import { callingConnections } from "./connection-book.ts";
import { clock, remainingStore, sessionStore, transactionReader } from "./dependencies.ts";
import { httpWhenCalled } from "./http-when-called.ts";
import { type Figure, type FiguresDependencies, figuresOf, originalOf } from "./original-figures.ts";
import type { ShownDryRun } from "./shown-batch.ts";

export type DryRunDependencies = RowsDependencies & FiguresDependencies;

/** A verdict on a row, without the row. */
type Judged = Omit<ShownDryRun["items"][number], "row" | "kind" | "key">;

/** @throws VisibleError validation_failed, as the batch itself would */
export async function dryRun(
  items: readonly unknown[],
  tenant: string,
  dependencies: DryRunDependencies,
): Promise<ShownDryRun> {
  const rows = await checkRows(items, tenant, dependencies);
  const refunds = rows.filter((row) => row.order.kind === "refund" && !row.present).map(({ order }) => order);
  const figures = await figuresOf(refunds, dependencies);
  const counts: ShownDryRun["counts"] = { accepted: 0, repeated: 0, refused: 0, unchecked: 0 };
  const amounts: Record<string, Sums> = {};
  const judged = rows.map((row, place) => {
    const { amount, ...verdict } = judge(row, figures);
    counts[verdict.verdict] += 1;
    if (amount) amounts[amount.currency] = withAmount(amounts[amount.currency], verdict.verdict, amount.value);
    return { row: place + 1, kind: row.order.kind, key: row.key, ...verdict };
  });
  return { dryRun: true, rows: rows.length, counts, amounts, items: judged };
}

type Sums = ShownDryRun["amounts"][string];

function withAmount(sums: Sums = { total: 0 }, verdict: Judged["verdict"], value: number): Sums {
  return { ...sums, total: sums.total + value, [verdict]: (sums[verdict] ?? 0) + value };
}

interface Money {
  readonly value: number;
  readonly currency: string;
}

/** Refunds of one original add up: each that fits leaves less for those behind it. */
function judge({ order, present }: CheckedRow, figures: Map<string, Figure>): Judged & { readonly amount?: Money } {
  const known = order.amount && { amount: order.amount };
  if (present) {
    const { id, status, amount } = present;
    return { verdict: "repeated", transaction: { id, status }, ...known, ...(amount && { amount }) };
  }
  if (order.kind !== "refund") return { verdict: "accepted", ...known };
  const figure = figures.get(originalOf(order)) ?? { kind: "unknown", detail: "nobody was asked" };
  switch (figure.kind) {
    case "unknown":
      return { verdict: "unchecked", detail: figure.detail, ...known };
    case "refused":
      return { ...refused(figure.code), ...known };
    case "left":
      return fitted(order, figure, figures);
  }
}

function fitted(
  order: Order,
  left: Extract<Figure, { kind: "left" }>,
  figures: Map<string, Figure>,
): Judged & { readonly amount?: Money } {
  const known = order.amount && { amount: order.amount };
  const currency = order.amount?.currency ?? order.account?.currency ?? left.currency;
  if (currency !== left.currency) return { ...refused("currency_mismatch"), ...known };
  // A refund that names no amount returns all that is left.
  const value = order.amount?.value ?? left.value;
  if (value < 1 || value > left.value) {
    const detail = `Of this original ${left.value} ${left.currency} (minor units) are left to refund at this row.`;
    return { ...refused("refund_exceeds_remaining"), detail, ...known };
  }
  figures.set(originalOf(order), { ...left, value: left.value - value });
  return { verdict: "accepted", amount: { value, currency } };
}

function refused(code: FailureCode): Judged {
  return { verdict: "refused", code, detail: failureMessages[code] };
}

export const dryRunDependencies = (): DryRunDependencies => ({
  transactions: transactionReader(),
  originals: remainingStore(),
  sessions: sessionStore(),
  connections: callingConnections(httpWhenCalled),
  ...clock,
});
