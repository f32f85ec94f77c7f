/** Works on a run: brings earlier payouts to their end, then pays group after group, within the time that there is. */
import { type CashbackRun, sumOfTotals, type Totals } from "../domain/cashback-run.ts";
import { StoreUnavailableError } from "../domain/errors.ts";
import type { AccrualLists, CashbackRunStore, PayoutStore } from "../store/accruals.ts";
import type { ConnectionBook } from "./connection-book.ts";
import { paceMs } from "./lanes.ts";
import { errorFields, log } from "./log.ts";
import { type PayGroupDependencies, payGroup } from "./pay-group.ts";
import { settle } from "./pay-out.ts";
import { sideBySide } from "./side-by-side.ts";

export interface RunDependencies extends PayGroupDependencies {
  readonly accruals: PayGroupDependencies["accruals"] & Pick<AccrualLists, "waitingGroups">;
  readonly payouts: PayGroupDependencies["payouts"] & Pick<PayoutStore, "open">;
  readonly runs: Pick<CashbackRunStore, "get" | "replace">;
  readonly connections: Pick<ConnectionBook, "get">;
}

export type RunEnd =
  | "done"
  /** Out of time, with more to do. */
  | "unfinished"
  /** Somebody else has it, it is over, or there was no time to begin with. */
  | "left alone";

/** How many payouts and groups are in work with one write of the run, and how many of them side by side. */
const settledAtATime = 50;
const groupsAtATime = 25;
const atOnce = 5;

/** Longer than what is in work takes. A runner that is not heard of for so long has died, or does no harm. */
const heldMs = 60_000;

/** A runner stops taking more on when this much of its time is left. */
const reserveMs = 10_000;

/**
 * The run says what is in work, and that is written before it is begun, together with what the groups before came to:
 *
 *   run: groups A B ── pay A, B ── run: groups C D, totals of A B ── pay C, D ── …
 *                      └ dies: the next runner pays A and B, finds their payouts, and counts them once
 *
 * Two runners at once pay the same, and one of them is told so when it writes.
 */
export async function workOn(
  id: string,
  dependencies: RunDependencies,
  remainingMs: () => number = () => Number.POSITIVE_INFINITY,
): Promise<RunEnd> {
  const { runs, now } = dependencies;
  const isLate = () => remainingMs() < reserveMs;
  const found = await runs.get(id);
  if (isLate() || !found || found.stage === "done" || (found.heldUntil ?? "") > now().toISOString())
    return "left alone";
  let run = await runs.replace(held(found, now()));
  while (run) {
    const next = isLate() ? undefined : await step(run, isLate, dependencies);
    if (!next) {
      const { heldUntil: _given, ...back } = run;
      await runs.replace(back);
      return "unfinished";
    }
    if (next.stage === "done") return (await runs.replace(next)) ? "done" : "left alone";
    run = await runs.replace(held(next, now()));
  }
  return "left alone";
}

function held(run: CashbackRun, now: Date): CashbackRun {
  return { ...run, heldUntil: new Date(now.getTime() + heldMs).toISOString() };
}

/** The run after what is in work now. Undefined: there was no time to finish that. */
async function step(
  run: CashbackRun,
  isLate: () => boolean,
  dependencies: RunDependencies,
): Promise<CashbackRun | undefined> {
  const starts = await startsOf(run, dependencies);
  switch (run.stage) {
    case "settling": {
      const next = await settleSome(run, starts.next, dependencies);
      const settled = { ...withoutPosition(run), nextStartAt: starts.reached() };
      return next === undefined ? planned(settled, dependencies) : { ...settled, position: next };
    }
    case "paying":
    case "ending": {
      const paid = await payGroups(run, { nextStart: starts.next, isLate }, dependencies);
      if (!paid) return undefined;
      const after = { ...run, totals: paid.reduce(sumOfTotals, run.totals), nextStartAt: starts.reached() };
      return run.stage === "ending" ? done(after, dependencies) : planned(after, dependencies);
    }
    case "done":
      return run;
  }
}

/** Where to go on; undefined when every payout that was open was looked at. */
async function settleSome(
  run: CashbackRun,
  nextStart: () => Date,
  dependencies: RunDependencies,
): Promise<string | undefined> {
  const { payouts } = dependencies;
  const { ids, next } = await payouts.open(run, settledAtATime, run.position);
  await sideBySide(ids, atOnce, (id) =>
    orLogged(run, "payout not settled", async () => {
      const payout = await payouts.get(id);
      if (payout) await settle(payout, nextStart, dependencies);
    }),
  );
  return next;
}

/** What the groups in work came to. Undefined where the time was not enough for one of them. */
async function payGroups(
  run: CashbackRun,
  time: Parameters<typeof payGroup>[2],
  dependencies: RunDependencies,
): Promise<readonly Totals[] | undefined> {
  let isComplete = true;
  const paid = await sideBySide(run.groups, atOnce, (group) =>
    orLogged(run, "group not paid", async () => {
      const totals = await payGroup(run, group, time, dependencies);
      isComplete &&= totals !== undefined;
      return totals;
    }),
  );
  return isComplete ? paid.flatMap((totals) => totals ?? []) : undefined;
}

/** One that cannot be paid, for a reason that does not pass, must not keep the others waiting: the next run comes to it again. */
async function orLogged<T>(run: CashbackRun, event: string, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof StoreUnavailableError) throw error;
    log("error", event, { runId: run.id, tenant: run.tenant, connection: run.connection, ...errorFields(error) });
    return undefined;
  }
}

/** With the next groups in work; done where there are none. */
async function planned(run: CashbackRun, { accruals, now }: RunDependencies): Promise<CashbackRun> {
  const { groups, next } = await accruals.waitingGroups(run, groupsAtATime, run.position);
  if (groups.length === 0) return done(run, { now });
  if (next === undefined) return { ...withoutPosition(run), stage: "ending", groups: [...groups] };
  return { ...run, stage: "paying", groups: [...groups], position: next };
}

function done(run: CashbackRun, { now }: Pick<RunDependencies, "now">): CashbackRun {
  const { heldUntil: _over, ...rest } = withoutPosition(run);
  return { ...rest, stage: "done", groups: [], endedAt: now().toISOString() };
}

function withoutPosition({ position: _reached, ...rest }: CashbackRun): CashbackRun {
  return rest;
}

/** Transactions start one after the other at the connection's pace, so that a run does not flood the provider. */
async function startsOf({ connection, nextStartAt }: CashbackRun, { connections, now }: RunDependencies) {
  const stepMs = paceMs((await connections.get(connection))?.config ?? {});
  let nextMs = Math.max(Date.parse(nextStartAt), now().getTime());
  return {
    next: (): Date => {
      const start = new Date(nextMs);
      nextMs += stepMs;
      return start;
    },
    reached: (): string => new Date(nextMs).toISOString(),
  };
}
