/** Scheduled: finds transactions that are due and starts their flow again, from where they stand. */
import type { Context, ScheduledEvent } from "aws-lambda";
import { type ConnectionBook, connectionBook } from "../lib/lambda/connection-book.ts";
import {
  clock,
  connectionStates,
  nameStore,
  once,
  originalStore,
  transactionLists,
  transactionStore,
} from "../lib/lambda/dependencies.ts";
import { lanes } from "../lib/lambda/lanes.ts";
import { errorFields, log } from "../lib/lambda/log.ts";
import { metered } from "../lib/lambda/meter.ts";
import { stepFunctionsFlow } from "../lib/lambda/step-functions.ts";
import { takeTurns } from "../lib/lambda/take-turns.ts";
import { type TakeUpDependencies, takeUp } from "../lib/lambda/take-up.ts";
import type { ConnectionStateStore } from "../lib/store/connection-states.ts";
import type { TransactionLists } from "../lib/store/port.ts";

export interface Dependencies extends TakeUpDependencies {
  readonly transactions: TakeUpDependencies["transactions"] & Pick<TransactionLists, "due" | "waiting">;
  readonly connections: ConnectionBook;
  readonly states: Pick<ConnectionStateStore, "get">;
}

/** How many due ones are read from the index at a time, and how many are taken up side by side. */
const pageSize = 200;
const atOnce = 20;

/** A run stops taking up more when this much of its time is left; the next run, a minute later, goes on. */
const reserveMs = 10_000;

/**
 * What is due comes first: money may be in doubt. What waits for its turn gets what is left of the time and of the connections' rates.
 * Two runs at once do no harm: the time of the next action is moved on by one of them, and only that one starts the flow.
 */
export async function run(
  dependencies: Dependencies,
  remainingMs: () => number = () => Number.POSITIVE_INFINITY,
): Promise<{ started: number }> {
  const { transactions, now } = dependencies;
  const seen = new Set<string>();
  const laneOf = lanes(dependencies);
  let started = 0;
  let ageSeconds = 0;
  let limit = pageSize;
  while (remainingMs() > reserveMs) {
    // What was taken up may stand in the index a moment longer.
    const listed = await transactions.due(now(), limit);
    const due = listed.filter((id) => !seen.has(id));
    if (seen.size === 0) ageSeconds = await waitedSeconds(due[0], dependencies);
    if (due.length === 0) {
      if (listed.length < limit) break;
      // All of them were tried, and none moved on: the others stand behind them.
      limit += pageSize;
      continue;
    }
    for (let first = 0; first < due.length && remainingMs() > reserveMs; first += atOnce) {
      const group = due.slice(first, first + atOnce);
      for (const id of group) seen.add(id);
      const taken = await Promise.all(group.map((id) => takeUpOrLog(id, laneOf, dependencies)));
      started += taken.filter(Boolean).length;
    }
  }
  const line = { laneOf, hasTime: () => remainingMs() > reserveMs };
  started += await takeTurns({ ...line, takeUp: (id) => takeUpOrLog(id, laneOf, dependencies) }, dependencies);
  log("info", "follow-up", { count: started, ageSeconds });
  return { started };
}

/** How long the oldest one has been due when a run begins: an operator is paged where that grows. */
async function waitedSeconds(id: string | undefined, { transactions, now }: Dependencies): Promise<number> {
  const oldest = id === undefined ? undefined : await transactions.get(id, "eventual").catch(() => undefined);
  const dueAt = oldest?.nextActionAt;
  return dueAt === undefined ? 0 : Math.max(0, Math.round((now().getTime() - Date.parse(dueAt)) / 1_000));
}

/** One that cannot be taken up must not keep the others waiting; it stays due. */
async function takeUpOrLog(id: string, laneOf: ReturnType<typeof lanes>, dependencies: Dependencies): Promise<boolean> {
  try {
    // Each has a meter of its own. The run itself, which serves all of them, is nobody's.
    return await metered({ now: dependencies.now }, () => takeUp(id, laneOf, dependencies));
  } catch (error) {
    log("error", "follow-up failed", { transactionId: id, ...errorFields(error) });
    return false;
  }
}

const shared = once(
  (): Dependencies => ({
    transactions: { ...transactionStore(), ...transactionLists() },
    originals: originalStore(),
    names: nameStore(),
    connections: connectionBook(),
    states: connectionStates(),
    flow: stepFunctionsFlow(),
    now: clock.now,
  }),
);

export async function handler(_event: ScheduledEvent, context: Context): Promise<{ started: number }> {
  return run(shared(), () => context.getRemainingTimeInMillis());
}
