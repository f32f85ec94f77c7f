/** Repair on read: a transaction that is overdue is set going again by whoever reads it, without waiting for the schedule. */
import { isOverdue, waitsForTurn } from "../domain/due-times.ts";
import type { Transaction } from "../domain/transaction.ts";
import { type FlowStarter, flowInputOf } from "../flow/starter.ts";
import { errorFields, log } from "./log.ts";

/** Never throws, and never waits for the outcome. */
export type Repairer = (transaction: Transaction, requestId: string) => Promise<void>;

/** A caller who asks ten times a second sets one flow going in this time, not a hundred. */
const againAfterMs = 30_000;

const rememberedMax = 1_000;

/**
 * Reading writes nothing: the flow's own lookup moves the time of the next action on, and only its claim lets it send. What is
 * started twice, by two readers or by follow-up, is one lookup too many and no more.
 */
export function repairer({ flow, now }: { readonly flow: FlowStarter; readonly now: () => Date }): Repairer {
  const startedAt = new Map<string, number>();
  return async (transaction, requestId) => {
    const { id, status, owed } = transaction;
    const isOpen = status === "pending" || status === "processing";
    // What is over but owes something, and what needs an operator, no lookup brings further.
    // And what stands in line for its turn is not brought forward by being read.
    if (!isOpen || owed || waitsForTurn(transaction) || !isOverdue(transaction, now())) return;
    const at = now().getTime();
    if (at - (startedAt.get(id) ?? Number.NEGATIVE_INFINITY) < againAfterMs) return;
    if (startedAt.size >= rememberedMax) startedAt.clear();
    startedAt.set(id, at);
    try {
      await flow.start(flowInputOf(transaction));
    } catch (error) {
      startedAt.delete(id);
      log("error", "flow not started", { requestId, transactionId: id, ...errorFields(error) });
    }
  };
}
