/** The schedules that run a function every minute: on time, late, twice, or two of them at once. */
import { run as followUp } from "../../functions/follow-up.ts";
import { run as runBatches } from "../../functions/run-batches.ts";
import { run as runCashbacks } from "../../functions/run-cashbacks.ts";
import type { TaskTime } from "../../lib/lambda/task.ts";
import { type CashbackRounds, earliest } from "./cashback-rounds.ts";
import type { Dependencies } from "./dependencies.ts";
import type { Evidence } from "./evidence.ts";
import type { Faults } from "./faults.ts";
import type { Lambdas } from "./lambdas.ts";
import { isOutage, traceOf } from "./outage.ts";
import type { Random } from "./random.ts";
import type { Actor, Scheduler } from "./scheduler.ts";

const everyMs = 60_000;

/** A Lambda whose clock is ahead sees what is due this much earlier. */
const aheadMs = 2_000;

/** A function that the schedule runs. */
interface Duty {
  readonly name: string;
  readonly run: (given: Dependencies, time: TaskTime) => Promise<unknown>;
  /** When there is something for it to do, ISO 8601; undefined where nothing ever will be. */
  readonly dueAt: () => string | undefined;
  /** When it was run last, in milliseconds. */
  last: number;
}

/**
 * Called when nobody has anything to do before `until`: runs what is due at the next full minute, unless that would come later. Minutes
 * in which nothing can be due are left out: they would change nothing, and there are thousands of them.
 */
export function scheduleOnTime({
  scheduler,
  faults,
  random,
  evidence,
  lambdas,
  rounds,
  start,
}: {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly random: Random;
  readonly evidence: Evidence;
  readonly lambdas: Lambdas<Dependencies>;
  readonly rounds: CashbackRounds;
  readonly start: number;
}): (until: number) => void {
  const clock: Actor = { name: "schedule", isAlive: true };
  const duties = dutiesOf(evidence, rounds, start);

  const run = ({ name, run: act }: Duty): void => {
    lambdas.invoke(clock, name, act).catch((error: unknown) => {
      if (!isOutage(error)) evidence.violate("nothing-unexpected-is-thrown", `${name}: ${traceOf(error)}`);
    });
  };
  const begin = (duty: Duty, at: number): void => {
    duty.last = at;
    const inMs = at - scheduler.now;
    scheduler.after(faults.strikes("schedule-late") ? inMs + random.between(1_000, 55_000) : inMs, clock, () =>
      run(duty),
    );
    if (faults.strikes("two-dispatchers")) scheduler.after(inMs, clock, () => run(duty));
    if (faults.strikes("duplicate-schedule")) {
      scheduler.after(inMs + random.between(1, 20_000), clock, () => run(duty));
    }
  };
  const minuteOf = ({ dueAt, last }: Duty): number => {
    const due = dueAt();
    if (due === undefined) return Number.POSITIVE_INFINITY;
    const from = Math.max(Date.parse(due) - aheadMs, last + 1, scheduler.now);
    return start + Math.ceil((from - start) / everyMs) * everyMs;
  };
  return (until) => {
    const minutes = duties.map((duty) => ({ duty, at: minuteOf(duty) }));
    const next = Math.min(...minutes.map(({ at }) => at));
    if (next === Number.POSITIVE_INFINITY || next > until) return;
    for (const { duty, at } of minutes) if (at === next) begin(duty, at);
  };
}

function dutiesOf(evidence: Evidence, rounds: CashbackRounds, start: number): Duty[] {
  const { transactions, doors } = evidence;
  return [
    {
      name: "follow-up",
      run: (given, time) => followUp(given, time.remainingMs),
      dueAt: () =>
        earliest(transactions.values(), (one) => (one.status === "needs_review" ? undefined : one.nextActionAt)),
      last: start,
    },
    {
      name: "run-batches",
      run: (given, time) => runBatches({}, given, time.remainingMs),
      dueAt: () => earliest(doors.batches.all(), ({ dueAt }) => dueAt),
      last: start,
    },
    {
      name: "run-cashbacks",
      run: (given, time) => runCashbacks(given, time.remainingMs),
      dueAt: () => rounds.dueAt(),
      last: start,
    },
  ];
}
