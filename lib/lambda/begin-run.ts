/** Begins the run that a schedule is due for, and moves the schedule on to its next time. */
import { beginRun } from "../domain/cashback-run.ts";
import type { CashbackSchedule } from "../domain/cashback-schedule.ts";
import type { CashbackRunStore, CashbackScheduleStore, Place } from "../store/accruals.ts";
import { readCron } from "./schedule-expression.ts";

export interface BeginDependencies {
  readonly schedules: Pick<CashbackScheduleStore, "get" | "replace">;
  readonly runs: Pick<CashbackRunStore, "create">;
  readonly now: () => Date;
}

/**
 * The run's id comes from the due time that the schedule holds, so it is begun once, however often this is asked:
 *
 *   schedule due at 06:00 ── run of 06:00 stored ── schedule moved on
 *                                                 └ dies: found due again, the run is there, the schedule is moved on
 *
 * Times that were missed, because nothing ran for days, are made up for by one run, which takes in everything until it begins.
 */
export async function beginDue(place: Place, { schedules, runs, now }: BeginDependencies): Promise<string | undefined> {
  const schedule = await schedules.get(place);
  const at = now();
  const { nextRunAt: dueAt } = schedule ?? {};
  if (!schedule || dueAt === undefined || dueAt > at.toISOString()) return undefined;
  const next = timesOf(schedule);
  const isMissed = (next(new Date(dueAt)) ?? at) < at;
  const run = beginRun(schedule, { dueAt, cutoff: isMissed ? at.toISOString() : dueAt, at });
  await runs.create(run);
  const { nextRunAt: _begun, ...rest } = schedule;
  const following = next(at);
  await schedules.replace({ ...rest, lastRun: run.id, ...(following && { nextRunAt: following.toISOString() }) });
  return run.id;
}

/** @throws Error where the expression cannot be read; it could when it was stored */
export function timesOf({
  cron,
  timeZone,
}: Pick<CashbackSchedule, "cron" | "timeZone">): (after: Date) => Date | undefined {
  const times = readCron(cron, timeZone);
  if ("problem" in times) throw new Error(`the schedule "${cron}" in ${timeZone} cannot be read: ${times.problem}`);
  return times.next;
}
