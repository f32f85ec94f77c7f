/** Scheduled: begins the runs of cashback schedules that are due, and wakes whoever pays them. */
import type { Context, ScheduledEvent } from "aws-lambda";
import { cashbackRunStore, cashbackScheduleStore } from "../lib/lambda/accrual-stores.ts";
import { type BeginDependencies, beginDue } from "../lib/lambda/begin-run.ts";
import { wakeRuns } from "../lib/lambda/cashback-wake.ts";
import { clock, once } from "../lib/lambda/dependencies.ts";
import { type EventPublisher, eventBridgePublisher } from "../lib/lambda/event-bridge.ts";
import { errorFields, log } from "../lib/lambda/log.ts";
import { sideBySide } from "../lib/lambda/side-by-side.ts";
import type { CashbackRunStore, CashbackScheduleStore, Place } from "../lib/store/accruals.ts";

export interface Dependencies extends BeginDependencies {
  readonly schedules: BeginDependencies["schedules"] & Pick<CashbackScheduleStore, "due">;
  readonly runs: BeginDependencies["runs"] & Pick<CashbackRunStore, "due">;
  readonly events: EventPublisher;
}

/** How many are read from the index at a time; what is left comes a minute later. */
const dueMax = 500;
const atOnce = 20;

/** Beginning stops when this much time is left, so that what was begun is woken. */
const reserveMs = 10_000;

/** Delivered twice, it begins the same runs; a run that is woken twice is worked on by one. */
export async function run(
  dependencies: Dependencies,
  remainingMs: () => number = () => Number.POSITIVE_INFINITY,
): Promise<{ begun: number; woken: number }> {
  const { schedules, runs, now } = dependencies;
  const due = await schedules.due(now(), dueMax);
  const begun = (
    await sideBySide(due, atOnce, async (place) =>
      remainingMs() < reserveMs ? undefined : beginOrLog(place, dependencies),
    )
  ).filter((id) => id !== undefined);
  // The index may not list yet what was just begun.
  const woken = [...new Set([...begun, ...(await runs.due(now(), dueMax))])];
  await wakeRuns(woken, dependencies);
  if (woken.length > 0) log("info", "cashbacks due", { count: woken.length });
  return { begun: begun.length, woken: woken.length };
}

/** One schedule that cannot be begun must not keep the others waiting; it stays due. */
async function beginOrLog(place: Place, dependencies: Dependencies): Promise<string | undefined> {
  try {
    return await beginDue(place, dependencies);
  } catch (error) {
    log("error", "cashback run not begun", { ...place, ...errorFields(error) });
    return undefined;
  }
}

const shared = once(
  (): Dependencies => ({
    schedules: cashbackScheduleStore(),
    runs: cashbackRunStore(),
    events: eventBridgePublisher(),
    now: clock.now,
  }),
);

export async function handler(_event: ScheduledEvent, context: Context): Promise<{ begun: number; woken: number }> {
  try {
    return await run(shared(), () => context.getRemainingTimeInMillis());
  } catch (error) {
    log("error", "cashbacks not run", errorFields(error));
    throw error;
  }
}
