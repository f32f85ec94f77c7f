/** What many runs came to: how much was tried, how everything ended, and what was wrong. */
import { statuses } from "../../lib/domain/transaction.ts";
import type { Violation } from "./evidence.ts";
import { faultNames } from "./fault-names.ts";
import type { Run } from "./simulate.ts";

export type Histogram = Record<string, number>;

export interface Tally {
  runs: number;
  steps: number;
  /** Transactions that were made. */
  transactions: number;
  /** Transactions that an operator was asked about. */
  reviews: number;
  readonly faults: Histogram;
  /** By kind, connection and final status. */
  readonly ends: Histogram;
  /** By the failure's code. */
  readonly failures: Histogram;
  /** What callers heard: statuses and problem codes; 0 is nothing, or a failure inside. */
  readonly answers: Histogram;
  /** How batches, accruals, runs and events ended. */
  readonly doorEnds: Histogram;
  readonly violations: ({ readonly seed: number } & Violation)[];
}

export function emptyTally(): Tally {
  return {
    runs: 0,
    steps: 0,
    transactions: 0,
    reviews: 0,
    faults: {},
    ends: {},
    failures: {},
    answers: {},
    doorEnds: {},
    violations: [],
  };
}

export function addRun(tally: Tally, { seed, steps, counts, transactions, answers, doorEnds, violation }: Run): void {
  tally.runs += 1;
  tally.steps += steps.length;
  tally.transactions += transactions.length;
  addAll(tally.faults, counts);
  addAll(tally.answers, answers);
  for (const end of doorEnds) addAll(tally.doorEnds, { [end]: 1 });
  for (const { kind, connection, status, failure, log } of transactions) {
    if (log.some((line) => line.status === "needs_review")) tally.reviews += 1;
    addAll(tally.ends, { [`${kind} ${connection} ${status}`]: 1 });
    if (failure) addAll(tally.failures, { [failure.code]: 1 });
  }
  if (violation) tally.violations.push({ seed, ...violation });
}

export function addTally(tally: Tally, other: Tally): void {
  tally.runs += other.runs;
  tally.steps += other.steps;
  tally.transactions += other.transactions;
  tally.reviews += other.reviews;
  addAll(tally.faults, other.faults);
  addAll(tally.ends, other.ends);
  addAll(tally.failures, other.failures);
  addAll(tally.answers, other.answers);
  addAll(tally.doorEnds, other.doorEnds);
  tally.violations.push(...other.violations);
}

/** Every way in which something can end that comes through another door than a call. */
const doorEnds = [
  ...["batch done", "batch canceled", "row retried", "row repeated", "row reused"],
  ...["accrual paid", "accrual waiting", "accrual canceled", "payout void", "payout failed"],
  ...["event accepted", "event rejected"],
];

/** Faults that never struck, and final states in which nothing ended: where the search has not been. */
export function gapsIn({ faults, ends, reviews, doorEnds: ended }: Tally): string[] {
  const endedAs = (status: string): number =>
    Object.entries(ends).reduce((sum, [end, count]) => sum + (end.endsWith(` ${status}`) ? count : 0), 0);
  const finals = statuses.filter((status) => status === "succeeded" || status === "failed" || status === "canceled");
  return [
    ...faultNames.filter((name) => (faults[name] ?? 0) < 2),
    ...finals.filter((status) => endedAs(status) < 2),
    ...doorEnds.filter((end) => (ended[end] ?? 0) < 2),
    // Operators have resolved these by the end.
    ...(reviews < 2 ? ["needs_review"] : []),
  ];
}

function addAll(histogram: Histogram, other: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(other)) histogram[name] = (histogram[name] ?? 0) + count;
}
