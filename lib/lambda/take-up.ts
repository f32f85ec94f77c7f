/** Takes one due transaction up: gives back what it owes, starts its flow, puts it off, or hands it to an operator. */
import { deadlineOf, flowGraceMs, followUpAt, followUpsOf, isOverdue, lastLookMs } from "../domain/due-times.ts";
import { postpone, stopSending } from "../domain/due-transitions.ts";
import { spreadOf } from "../domain/ids.ts";
import { followedUpDetail } from "../domain/log-entry.ts";
import { askForReview } from "../domain/operator-transitions.ts";
import type { Transaction } from "../domain/transaction.ts";
import type { Actor } from "../domain/transition.ts";
import { type FlowStarter, flowInputOf } from "../flow/starter.ts";
import { deadlineHoursMax } from "../providers/connection.ts";
import type { TransactionStore } from "../store/port.ts";
import { type FinishDependencies, giveBack } from "./finish.ts";
import { type Lane, requestsOfFlow } from "./lanes.ts";

export interface TakeUpDependencies extends FinishDependencies {
  readonly transactions: Pick<TransactionStore, "get" | "advance">;
  readonly flow: FlowStarter;
  readonly now: () => Date;
}

/** Follow-up runs every minute: what comes later than that is the next run's. */
const runSeconds = 60;

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

/**
 * No timer fails a transaction: at the deadline an operator is asked. One whose outcome is open is looked up once more at the deadline
 * (the lookup itself hands it over), and handed over from here where no lookup gets through.
 */
async function endedByDeadline(
  transaction: Transaction,
  deadlineHours: number,
  actor: Actor,
  { transactions }: TakeUpDependencies,
): Promise<boolean> {
  const { id, tenant, status, attempt, attempts } = transaction;
  const overdueMs = actor.at.getTime() - deadlineOf(transaction, deadlineHours).getTime();
  if (overdueMs < (attempt === "open" ? lastLookMs : 0)) return false;
  const detail =
    attempt === "open"
      ? `no last word within ${deadlineHours} h, and the provider cannot be asked`
      : `could not be sent within ${deadlineHours} h; surely nothing was`;
  if (status === "pending" && !(await transactions.advance(id, stopSending(detail, actor))).advanced) return true;
  // Refused where a flow has claimed an attempt since: what it came to is on the way.
  await transactions.advance(id, askForReview({ tenant, detail, attempts }, actor));
  return true;
}

/** The deadline; or, past it, when the last lookup should be through. */
function lastActionAt(transaction: Transaction, deadlineHours: number, now: Date): string {
  const deadline = deadlineOf(transaction, deadlineHours);
  return (deadline > now ? deadline : new Date(deadline.getTime() + lastLookMs)).toISOString();
}
