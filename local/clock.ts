/** Fires the schedules: each invokes its function with the event that EventBridge Scheduler sends. */
import { randomUUID } from "node:crypto";
import type { Schedule } from "../functions/triggers.ts";
import { type ParsedSchedule, parseSchedule } from "../lib/lambda/schedule-expression.ts";
import { accountId, region, scheduleArn } from "./arns.ts";

/** Node's timers overflow above this, so a far firing is waited for in pieces. */
const timerMsMax = 2_147_483_647;

export interface ClockOptions {
  readonly schedules: readonly Schedule[];
  readonly invoke: (functionName: string, event: unknown) => Promise<unknown>;
  /** False: nothing fires by itself, only by `fire`. */
  readonly ticking?: boolean;
  /** Fires every rate at this interval instead, so that a person can watch. Cron and at keep their times. */
  readonly everyMs?: number;
  /** Told when a firing failed. AWS would retry it; the next firing is retry enough here. */
  readonly onError?: (scheduleName: string, error: unknown) => void;
  readonly now?: () => Date;
}

export interface Clock {
  /** Fires a schedule now and resolves when its function has ended. False: skipped, as the previous firing still runs. */
  fire(scheduleName: string): Promise<boolean>;
  /** Stops firing, and waits for what is under way. */
  stop(): Promise<void>;
}

/** Throws where an expression is malformed or two schedules share a name. */
export function startClock({
  schedules,
  invoke,
  ticking = true,
  everyMs,
  onError = () => {},
  now = () => new Date(),
}: ClockOptions): Clock {
  const byName = new Map(schedules.map((schedule) => [schedule.name, schedule]));
  if (byName.size < schedules.length) throw new Error("Two schedules share a name.");
  const parsed = schedules.map((schedule) => [schedule, parseSchedule(schedule.expression)] as const);
  const running = new Map<string, Promise<void>>();
  const timers = new Map<string, NodeJS.Timeout>();
  let stopped = false;

  async function fire(schedule: Schedule): Promise<boolean> {
    if (stopped || running.has(schedule.name)) return false;
    const firing = (async () => {
      try {
        await invoke(schedule.function, scheduledEvent(schedule, now()));
      } catch (error) {
        if (!stopped) onError(schedule.name, error);
      }
    })();
    running.set(schedule.name, firing);
    await firing;
    running.delete(schedule.name);
    return true;
  }

  function plan(schedule: Schedule, times: ParsedSchedule, after: Date): void {
    const watched = times.everyMs !== undefined && everyMs !== undefined;
    const next = watched ? new Date(after.getTime() + everyMs) : times.next(after);
    if (next) waitFor(schedule, times, next);
  }

  function waitFor(schedule: Schedule, times: ParsedSchedule, next: Date): void {
    const leftMs = next.getTime() - now().getTime();
    const timer = setTimeout(
      () => {
        if (leftMs > timerMsMax) return waitFor(schedule, times, next);
        void fire(schedule);
        // A timer may ring a millisecond early, and must not find the same firing again.
        plan(schedule, times, new Date(Math.max(now().getTime(), next.getTime())));
      },
      Math.min(Math.max(leftMs, 0), timerMsMax),
    );
    timers.set(schedule.name, timer);
  }

  if (ticking) for (const [schedule, times] of parsed) plan(schedule, times, now());

  return {
    async fire(scheduleName) {
      const schedule = byName.get(scheduleName);
      if (!schedule) throw new Error(`There is no schedule "${scheduleName}": ${[...byName.keys()].join(", ")}.`);
      return fire(schedule);
    },
    async stop() {
      stopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all(running.values());
    },
  };
}

/** What EventBridge Scheduler sends where a schedule names no input; its `detail` is text. */
function scheduledEvent(schedule: Schedule, at: Date): object {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "Scheduled Event",
    source: "aws.scheduler",
    account: accountId,
    time: at.toISOString().replace(/\.\d+Z$/, "Z"),
    region,
    resources: [scheduleArn(schedule.name)],
    detail: "{}",
  };
}
