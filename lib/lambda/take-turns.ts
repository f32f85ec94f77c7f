/** Begins what waits for its turn, as far as each connection has room, and leaves the rest where it stands. */
import { flowGraceMs, followUpAt } from "../domain/due-times.ts";
import { takeTurn } from "../domain/due-transitions.ts";
import type { Transaction } from "../domain/transaction.ts";
import type { Actor } from "../domain/transition.ts";
import { type FlowStarter, flowInputOf } from "../flow/starter.ts";
import { deadlineHoursMax } from "../providers/connection.ts";
import type { InLine, TransactionLists } from "../store/port.ts";
import { type DeadlineDependencies, endedByDeadline, lastActionAt } from "./end-at-deadline.ts";
import { type Lane, requestsOfFlow } from "./lanes.ts";
import { sideBySide } from "./side-by-side.ts";

/** How many are read from the index at a time. Reading past those that stay is cheap: the index says whose line they stand in. */
const pageSize = 1_000;

/** How many are taken up side by side. */
const atOnce = 20;

export interface Run {
  readonly laneOf: (connection: string) => Promise<Lane>;
  readonly hasTime: () => boolean;
  /** True where a flow was started. */
  readonly takeUp: (id: string) => Promise<boolean>;
}

/**
 * All batches and runs stand in one line at a connection, by their rows' turns. How many begin in a run is the connection's rate and
 * nothing else, so lines that were planned for the same time merge, and whoever waits longer for it costs no write more:
 *
 *   batch A   1 2 3 4 5 6 …          begun, a minute's worth each run   A1 B1 A2 B2 │ A3 B3 A4 B4 │ …
 *   batch B   1 2 3 …
 */
export async function takeTurns(
  { laneOf, hasTime, takeUp }: Run,
  { transactions, now }: { readonly transactions: Pick<TransactionLists, "waiting">; readonly now: () => Date },
): Promise<number> {
  const at = now();
  let started = 0;
  let after: string | undefined;
  do {
    const page = await transactions.waiting(at, pageSize, after);
    for (let next = 0; next < page.items.length && hasTime(); ) {
      const group: string[] = [];
      for (; next < page.items.length && group.length < atOnce; next++) {
        const one = page.items[next];
        if (one && isToBeTaken(one, await laneOf(one.connection), now())) group.push(one.id);
      }
      started += (await sideBySide(group, atOnce, takeUp)).filter(Boolean).length;
    }
    after = page.next;
  } while (after !== undefined && hasTime());
  return started;
}

/**
 * Starts one where its lane has room: then is its turn. Undone where it has none, but where nothing could be sent for the whole time
 * until its deadline an operator is asked. True where a flow was started.
 */
export async function beginTurn(
  transaction: Transaction,
  lane: Lane,
  actor: Actor,
  dependencies: DeadlineDependencies & { readonly flow: FlowStarter },
): Promise<boolean> {
  if (lane.isFull()) {
    const { notBefore = transaction.createdAt } = transaction;
    if (isGivenUp(notBefore, lane, actor.at)) {
      await endedByDeadline(transaction, deadlineHoursOf(lane), actor, dependencies);
    }
    return false;
  }
  // It is the one that tries, where the provider is to be tried.
  lane.closedUntil();
  const startInSeconds = lane.queue(requestsOfFlow);
  const turn = new Date(actor.at.getTime() + startInSeconds * 1_000);
  const next = followUpAt(new Date(turn.getTime() + flowGraceMs), 0);
  const atLatest = lastActionAt({ ...transaction, notBefore: turn.toISOString() }, deadlineHoursOf(lane), actor.at);
  const nextActionAt = next < atLatest ? next : atLatest;
  const { advanced } = await dependencies.transactions.advance(
    transaction.id,
    takeTurn(transaction, turn, nextActionAt, actor),
  );
  if (!advanced) return false;
  await dependencies.flow.start(flowInputOf(transaction, startInSeconds));
  return true;
}

/** Whether there is something to do about it now: its flow may begin, or its deadline has passed. */
function isToBeTaken({ at }: InLine, lane: Lane, now: Date): boolean {
  return !lane.isFull() || isGivenUp(at, lane, now);
}

/** Those before it in line delay no deadline, and bring none on: only a connection that could not be used does, and since then. */
function isGivenUp(turnAt: string, lane: Lane, now: Date): boolean {
  const stuckSince = lane.stuckSince();
  if (!stuckSince) return false;
  const fromMs = Math.max(stuckSince.getTime(), Date.parse(turnAt));
  return fromMs + deadlineHoursOf(lane) * 3_600_000 <= now.getTime();
}

function deadlineHoursOf({ connection }: Lane): number {
  return connection?.config.deadlineHours ?? deadlineHoursMax;
}
