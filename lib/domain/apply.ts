/** Carries out a transition on a transaction in memory: what the in-memory store does, and what a test compares DynamoDB with. */
import { isNothing, sumOfCosts } from "./cost.ts";
import type { LogEntry, Transaction } from "./transaction.ts";
import type { Expectation, Transition } from "./transition.ts";

/** Whether the transaction is in one of the states that the transition expects. */
export function holds(transition: Transition, transaction: Transaction): boolean {
  return transition.expect.some((expectation) => meets(expectation, transaction));
}

/** The transaction after the transition. Ask `holds` first. */
export function apply(transition: Transition, transaction: Transaction): Transaction {
  const changed: Transaction = {
    ...transaction,
    ...transition.set,
    attempts: transaction.attempts + (transition.attempts === "increment" ? 1 : 0),
    ...(transition.spent && !isNothing(transition.spent) && { cost: sumOfCosts([transaction.cost, transition.spent]) }),
    log: logAfter(transition, transaction.log),
  };
  for (const name of transition.remove) delete changed[name];
  return changed;
}

function meets(expectation: Expectation, transaction: Transaction): boolean {
  return (
    transaction.status === expectation.status &&
    (expectation.attempt === undefined || transaction.attempt === expectation.attempt) &&
    (expectation.attempts === undefined || transaction.attempts === expectation.attempts) &&
    (expectation.logLength === undefined || transaction.log.length === expectation.logLength) &&
    (expectation.nextActionAt === undefined || transaction.nextActionAt === expectation.nextActionAt) &&
    (expectation.unpriced === undefined || transaction.amount === undefined) &&
    (expectation.owed === undefined || transaction.owed === true)
  );
}

function logAfter(transition: Transition, log: readonly LogEntry[]): LogEntry[] {
  const { entry, fold } = transition;
  if (fold === undefined) return [...log, entry];
  return log.map((line, place) =>
    place === fold ? { ...line, count: (line.count ?? 1) + 1, lastAt: entry.at } : line,
  );
}
