/** A run: one pass over all accruals that wait at a connection, begun by its schedule. */
import * as z from "zod/mini";
import { type CashbackSchedule, MinimumPayout } from "./cashback-schedule.ts";
import { derivedId } from "./ids.ts";

const text = z.string().check(z.minLength(1));

/** What it came to so far. Amounts are minor units by currency. */
const Totals = z.object({
  transactions: z.int(),
  accruals: z.int(),
  /** Accruals that stay waiting because their group is below the minimum. */
  rolledOver: z.int(),
  amounts: z.record(text, z.int()),
});
export type Totals = z.infer<typeof Totals>;

/**
 * As it is stored. What is being done is written down before it is done: a run that died, or that two runners have, goes on
 * from its groups in work, and each of them is counted once.
 */
export const CashbackRun = z.object({
  id: text,
  tenant: text,
  connection: text,
  provider: text,
  /** When the schedule wanted it. */
  dueAt: text,
  /** Accruals made before this take part. */
  cutoff: text,
  minimumPayout: z.exactOptional(MinimumPayout),
  description: z.exactOptional(text),
  /** First payouts of earlier runs are brought to their end, then groups are paid; `ending`: the last of them are in work. */
  stage: z.enum(["settling", "paying", "ending", "done"]),
  /** Where the stage goes on; absent at its beginning. */
  position: z.exactOptional(text),
  /** The groups in work. */
  groups: z.array(text),
  totals: Totals,
  /** When the next transaction may start: they follow each other at the connection's pace. */
  nextStartAt: text,
  /** A runner has it until then. Economy only: two of them pay the same. */
  heldUntil: z.exactOptional(text),
  createdAt: text,
  endedAt: z.exactOptional(text),
  /** Counts the changes: each is made to what was read, or not at all. */
  revision: z.int(),
});
export type CashbackRun = z.infer<typeof CashbackRun>;

/** The same schedule and due time give the same run, however often it is begun. */
export function cashbackRunId(
  { tenant, connection }: Pick<CashbackSchedule, "tenant" | "connection">,
  dueAt: string,
): string {
  return derivedId("run", tenant, connection, dueAt);
}

export function beginRun(
  { tenant, connection, provider, minimumPayout, description }: CashbackSchedule,
  { dueAt, cutoff, at }: { readonly dueAt: string; readonly cutoff: string; readonly at: Date },
): CashbackRun {
  return {
    id: cashbackRunId({ tenant, connection }, dueAt),
    tenant,
    connection,
    provider,
    dueAt,
    cutoff,
    ...(minimumPayout && { minimumPayout }),
    ...(description !== undefined && { description }),
    stage: "settling",
    groups: [],
    totals: { transactions: 0, accruals: 0, rolledOver: 0, amounts: {} },
    nextStartAt: at.toISOString(),
    createdAt: at.toISOString(),
    revision: 0,
  };
}

export function sumOfTotals(one: Totals, other: Totals): Totals {
  const currencies = [...new Set([...Object.keys(one.amounts), ...Object.keys(other.amounts)])];
  return {
    transactions: one.transactions + other.transactions,
    accruals: one.accruals + other.accruals,
    rolledOver: one.rolledOver + other.rolledOver,
    amounts: Object.fromEntries(
      currencies.map((currency) => [currency, (one.amounts[currency] ?? 0) + (other.amounts[currency] ?? 0)]),
    ),
  };
}
