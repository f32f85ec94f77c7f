/** The schedule that runs follow-up every minute: on time, late, twice, or two of them at once. */
import { run as followUp } from "../../functions/follow-up.ts";
import type { Dependencies } from "./dependencies.ts";
import type { Evidence } from "./evidence.ts";
import type { Faults } from "./faults.ts";
import { FunctionDiedError } from "./invocation.ts";
import type { Lambdas } from "./lambdas.ts";
import type { Random } from "./random.ts";
import type { Actor, Scheduler } from "./scheduler.ts";

const everyMs = 60_000;

/** A Lambda whose clock is ahead sees what is due this much earlier. */
const aheadMs = 2_000;

/**
 * Called when nobody has anything to do before `until`: starts the next follow-up, unless it would come later than that. Minutes
 * in which nothing can be due are left out: they would change nothing, and there are thousands of them.
 */
export function followUpOnTime({
  scheduler,
  faults,
  random,
  evidence,
  lambdas,
  start,
}: {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly random: Random;
  readonly evidence: Evidence;
  readonly lambdas: Lambdas<Dependencies>;
  readonly start: number;
}): (until: number) => void {
  const clock: Actor = { name: "schedule", isAlive: true };
  let last = start;
  const run = (): void => {
    const running = lambdas.invoke(clock, "follow-up", (given, time) => followUp(given, time.remainingMs));
    running.catch((error: unknown) => {
      const isOutside =
        error instanceof FunctionDiedError || (error instanceof Error && error.name === "StoreUnavailableError");
      if (!isOutside)
        evidence.violate("nothing-unexpected-is-thrown", `follow-up: ${error instanceof Error ? error.stack : error}`);
    });
  };
  return (until) => {
    const due = dueAt(evidence);
    if (due === undefined) return;
    const from = Math.max(due - aheadMs, last + 1, scheduler.now);
    const next = start + Math.ceil((from - start) / everyMs) * everyMs;
    if (next > until) return;
    last = next;
    const inMs = next - scheduler.now;
    scheduler.after(faults.strikes("schedule-late") ? inMs + random.between(1_000, 55_000) : inMs, clock, run);
    if (faults.strikes("two-dispatchers")) scheduler.after(inMs, clock, run);
    if (faults.strikes("duplicate-schedule")) scheduler.after(inMs + random.between(1, 20_000), clock, run);
  };
}

/** When the next transaction is due; undefined where none will be. */
function dueAt({ transactions }: Evidence): number | undefined {
  let first: string | undefined;
  for (const { status, nextActionAt } of transactions.values()) {
    if (status === "needs_review" || nextActionAt === undefined) continue;
    if (first === undefined || nextActionAt < first) first = nextActionAt;
  }
  return first === undefined ? undefined : Date.parse(first);
}
