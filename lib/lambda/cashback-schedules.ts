/** Cashback schedules as the API names and shows them, with what their last run came to. */
import type { CashbackRun } from "../domain/cashback-run.ts";
import type { CashbackSchedule } from "../domain/cashback-schedule.ts";
import { VisibleError } from "../domain/errors.ts";
import type { CashbackRunStore, CashbackScheduleStore, Place } from "../store/accruals.ts";
import { timesOf } from "./begin-run.ts";
import type { ShownSchedule } from "./shown-accrual.ts";

/** How many of the next times are shown. */
const nextShown = 3;

/** The tenant's schedule at a connection. @throws VisibleError not_found */
export async function ownSchedule(
  place: Place,
  { schedules }: { readonly schedules: Pick<CashbackScheduleStore, "get"> },
): Promise<CashbackSchedule> {
  return (await schedules.get(place)) ?? Promise.reject(noSchedule(place));
}

export function noSchedule({ connection }: Place): VisibleError {
  return new VisibleError("not_found", `There is no cashback schedule for "${connection}".`);
}

/** With its next times, and its last run where there was one. */
export async function showSchedule(
  schedule: CashbackSchedule,
  { runs }: { readonly runs: Pick<CashbackRunStore, "get"> },
) {
  const { connection, cron, timeZone, minimumPayout, description, paused, nextRunAt, lastRun, createdAt, updatedAt } =
    schedule;
  const run = lastRun === undefined ? undefined : await runs.get(lastRun);
  return {
    connection,
    cron,
    timeZone,
    ...(minimumPayout && { minimumPayout }),
    ...(description !== undefined && { description }),
    paused: paused ?? false,
    ...(nextRunAt !== undefined && { nextRunAt, nextRuns: nextTimes(schedule, nextRunAt) }),
    ...(run && { lastRun: presentRun(run) }),
    createdAt,
    updatedAt,
  } satisfies ShownSchedule;
}

function nextTimes(schedule: CashbackSchedule, first: string): string[] {
  const next = timesOf(schedule);
  const times = [first];
  while (times.length < nextShown) {
    const following = next(new Date(times.at(-1) ?? first));
    if (!following) break;
    times.push(following.toISOString());
  }
  return times;
}

/** Its transactions are listed by `GET /v1/transactions?batch=` and its id. */
function presentRun({ id, dueAt, stage, totals, createdAt, endedAt }: CashbackRun): ShownSchedule["lastRun"] & object {
  const { transactions, accruals, amounts, rolledOver } = totals;
  return {
    id,
    dueAt,
    status: stage === "done" ? "done" : "running",
    transactions,
    accruals,
    amounts,
    rolledOver,
    startedAt: createdAt,
    ...(endedAt !== undefined && { endedAt }),
  };
}
