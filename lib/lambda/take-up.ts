/** Takes one due transaction up: gives back what it owes, starts its flow, puts it off, or hands it to an operator. */
import { flowGraceMs, followUpAt, followUpsOf, isOverdue, waitsForTurn } from "../domain/due-times.ts";
import { postpone } from "../domain/due-transitions.ts";
import { spreadOf } from "../domain/ids.ts";
import { followedUpDetail } from "../domain/log-entry.ts";
import type { Transaction } from "../domain/transaction.ts";
import type { Actor } from "../domain/transition.ts";
import { type FlowStarter, flowInputOf } from "../flow/starter.ts";
import { deadlineHoursMax } from "../providers/connection.ts";
import type { TransactionStore } from "../store/port.ts";
import { endedByDeadline, lastActionAt } from "./end-at-deadline.ts";
import { type FinishDependencies, giveBack } from "./finish.ts";
import { type Lane, requestsOfFlow, runSeconds } from "./lanes.ts";
import { beginTurn } from "./take-turns.ts";

export interface TakeUpDependencies extends FinishDependencies {
  readonly transactions: Pick<TransactionStore, "get" | "advance">;
  readonly flow: FlowStarter;
  readonly now: () => Date;
}

/** Requests that a flow makes: one lookup; or all, from the beginning. */
const requestsOf = { open: 1, unsent: requestsOfFlow } as const;

/** True where a flow was started. */
export async function takeUp(
  id: string,
  laneOf: (connection: string) => Promise<Lane>,
  dependencies: TakeUpDependencies,
): Promise<boolean> {
  const { transactions, flow, now } = dependencies;
  const transaction = await transactions.get(id, "consistent");
  // The index may be a moment behind the item. What needs an operator by now is the operator's.
  if (!transaction || transaction.status === "needs_review" || !isOverdue(transaction, now())) return false;
  const actor: Actor = { by: "follow-up", at: now() };
  if (transaction.owed) {
    await giveBack(transaction, actor, dependencies);
    return false;
  }
  const lane = await laneOf(transaction.connection);
  if (waitsForTurn(transaction)) return beginTurn(transaction, lane, actor, dependencies);
  // A connection that is missing may have been lost by a slip, and its deadline with it: it is not judged by another one.
  const deadlineHours = lane.connection?.config.deadlineHours ?? deadlineHoursMax;
  if (await endedByDeadline(transaction, deadlineHours, actor, dependencies)) return false;

  const { nextActionAt, why, startInSeconds } = planOf(transaction, lane, actor.at);
  const atLatest = lastActionAt(transaction, deadlineHours, actor.at);
  const { advanced } = await transactions.advance(
    id,
    postpone(transaction, nextActionAt < atLatest ? nextActionAt : atLatest, why, actor),
  );
  if (!advanced || startInSeconds === undefined) return false;
  await flow.start(flowInputOf(transaction, startInSeconds));
  return true;
}

interface Plan {
  readonly nextActionAt: string;
  readonly why: string;
  /** Absent: no flow is started this time. */
  readonly startInSeconds?: number;
}

function planOf(transaction: Transaction, lane: Lane, now: Date): Plan {
  const times = followUpsOf(transaction);
  if (!lane.connection) return { nextActionAt: followUpAt(now, times), why: "the connection is not configured" };
  const closedUntil = lane.closedUntil();
  if (closedUntil) {
    // Not all of them in the same second: the first one tries whether the provider is back.
    const nextActionAt = new Date(closedUntil.getTime() + spreadOf(transaction.id) * 1_000).toISOString();
    return { nextActionAt, why: "the provider is down: not called" };
  }
  const isOpen = transaction.attempt === "open";
  const startInSeconds = lane.queue(isOpen ? requestsOf.open : requestsOf.unsent);
  const startsAt = new Date(now.getTime() + startInSeconds * 1_000);
  if (startInSeconds >= runSeconds) {
    return { nextActionAt: startsAt.toISOString(), why: "waits: the connection's rate is used up" };
  }
  const from = isOpen ? startsAt : new Date(startsAt.getTime() + flowGraceMs);
  return { nextActionAt: followUpAt(from, times), why: followedUpDetail, startInSeconds };
}
