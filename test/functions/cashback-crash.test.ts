/** A run that dies at each await there is, and runs that meet each other in any order: each accrual is paid once, or waits, or is canceled. */

import { describe, expect, test } from "vitest";
import { run as cancelAccrual } from "../../functions/cancel-accrual.ts";
import { cashbackRunId } from "../../lib/domain/cashback-run.ts";
import { VisibleError } from "../../lib/domain/errors.ts";
import type { Payout } from "../../lib/domain/payout.ts";
import { beginDue } from "../../lib/lambda/begin-run.ts";
import { workOn } from "../../lib/lambda/cashback-run.ts";
import { captureLog } from "../lambda/api-event.ts";
import { type Crash, CrashError, everyCrash, mortal, sleeper } from "../lambda/crash.ts";
import { fc } from "../property.ts";
import { isThorough } from "../thoroughness.ts";
import { type CashbackStage, cashbackStage, ownSender } from "./cashback-stage.ts";

captureLog();

const dayMs = 24 * 3_600_000;

type Dependencies = CashbackStage["dependencies"];

/** Every store, and the bus, through the same wrapper; the clock as it is. */
function through(dependencies: Dependencies, wrap: <T extends object>(dependency: T, name: string) => T): Dependencies {
  const { accruals, payouts, schedules, runs, transactions, claims, events } = dependencies;
  return {
    ...dependencies,
    accruals: wrap(accruals, "accruals"),
    payouts: wrap(payouts, "payouts"),
    schedules: wrap(schedules, "schedules"),
    runs: wrap(runs, "runs"),
    transactions: wrap(transactions, "transactions"),
    claims: wrap(claims, "claims"),
    events: wrap(events, "events"),
  };
}

/**
 * Yesterday's run paid W-1 and W-2, and W-1's payment failed. Since then more was accrued for both, W-3 is below the minimum,
 * and one accrual was canceled. Today's run is due.
 */
async function eve() {
  const stage = cashbackStage();
  await stage.schedule({ minimumPayout: { TRY: 50 } });
  const ids = {
    failedA: await stage.accrue({ value: 30 }),
    failedB: await stage.accrue({ value: 31 }),
    paid: await stage.accrue({ wallet: "W-2", value: 60 }),
  };
  stage.clock.advance(dayMs / 24);
  await stage.runDue();
  await stage.carryOut(({ receiver }) => receiver?.walletNumber === "W-2");
  const more = {
    // Paid together with those to W-1 that name no sender.
    added: await stage.accrue({ value: 5, sender: ownSender }),
    other: await stage.accrue({ wallet: "W-2", value: 70 }),
    small: await stage.accrue({ wallet: "W-3", value: 49 }),
    canceled: await stage.accrue({ wallet: "W-2", value: 1_000 }),
  };
  await cancelAccrual({ id: more.canceled }, stage.dependencies, stage.call());
  stage.clock.advance(dayMs);
  return { stage, ids: { ...ids, ...more } };
}

/** Minutes pass, and processes that live do what is due; the provider pays. */
async function settleDown(stage: CashbackStage): Promise<void> {
  for (let minute = 0; minute < 3; minute++) {
    stage.clock.advance(61_000);
    await stage.runDue();
  }
  await stage.carryOut();
}

function rethrowUnlessCrash(error: unknown): void {
  if (!(error instanceof CrashError)) throw error;
}

describe("a process that dies while it begins and works on a run", () => {
  const act = async (stage: CashbackStage, crash?: Crash): Promise<number> => {
    const { wrap, calls } = mortal(crash);
    await stage.runDue(through(stage.dependencies, wrap)).catch(rethrowUnlessCrash);
    return calls();
  };

  test("leaves a run that pays everything once, and counts it once, at whichever of its calls", async () => {
    const calls = await act((await eve()).stage);
    expect(calls).toBeGreaterThan(30);
    for (const crash of everyCrash(calls)) {
      const { stage, ids } = await eve();
      await act(stage, crash);
      const where = `${crash.when} call ${crash.at}`;
      await stage.books();
      await settleDown(stage);
      const books = await stage.books();
      expect(Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, books[id]])), where).toEqual({
        failedA: "succeeded",
        failedB: "succeeded",
        paid: "succeeded",
        added: "succeeded",
        other: "succeeded",
        small: "waiting",
        canceled: "canceled",
      });
      const run = await stage.lastRun();
      expect(run, where).toMatchObject({
        stage: "done",
        dueAt: "2026-11-21T06:00:00.000Z",
        totals: { transactions: 2, accruals: 4, rolledOver: 1, amounts: { TRY: 136 } },
      });
      const { items } = await stage.dependencies.transactions.list({ tenant: stage.tenant, limit: 10, batch: run.id });
      expect(items.map(({ amount }) => amount?.value).toSorted(), where).toEqual([66, 70]);
    }
  });

  test("would be noticed: without anybody who goes on, most deaths leave something unpaid", async () => {
    const calls = await act((await eve()).stage);
    let unpaid = 0;
    for (const crash of everyCrash(calls)) {
      const { stage, ids } = await eve();
      await act(stage, crash);
      await stage.carryOut();
      if ((await stage.books())[ids.failedA] !== "succeeded") unpaid += 1;
    }
    expect(unpaid).toBeGreaterThan(calls / 2);
  });
});

describe("a process that sleeps for days at any of its calls, and goes on as if nothing had happened,", () => {
  const worlds: Readonly<Record<string, (stage: CashbackStage) => Promise<void>>> = {
    "while others pay it all": async (stage) => {
      await stage.runDue();
      await stage.carryOut();
    },
    "while others pay in vain, and pay again": async (stage) => {
      await stage.runDue();
      await stage.carryOut(() => false);
      stage.clock.advance(dayMs);
      await stage.runDue();
    },
    "while others pay in vain, and then everything waits for more": async (stage) => {
      await stage.runDue();
      await stage.carryOut(() => false);
      const schedule = await stage.dependencies.schedules.get(stage.place);
      if (schedule) await stage.dependencies.schedules.replace({ ...schedule, minimumPayout: { TRY: 10_000 } });
      stage.clock.advance(dayMs);
      await stage.runDue();
    },
  };

  test.each(Object.entries(worlds))("%s, changes nothing that was paid", async (_name, world) => {
    const { stage: counted } = await eve();
    const { wrap: count, calls } = sleeper(Number.POSITIVE_INFINITY);
    await counted.runDue(through(counted.dependencies, count));
    for (let at = 0; at < calls(); at++) {
      const { stage, ids } = await eve();
      const { wrap, wake } = sleeper(at);
      const { minimumPayout } = (await stage.dependencies.schedules.get(stage.place)) ?? {};
      const asleep = stage.runDue(through(stage.dependencies, wrap));
      // Everything that the sleeper can do, it has done.
      await new Promise((resolve) => setImmediate(resolve));
      stage.woken.splice(0);
      stage.clock.advance(61_000);
      await world(stage);
      const before = await stage.books();
      wake();
      await asleep;
      await stage.books();
      const schedule = await stage.dependencies.schedules.get(stage.place);
      if (schedule && minimumPayout) await stage.dependencies.schedules.replace({ ...schedule, minimumPayout });
      for (let day = 0; day < 2; day++) {
        stage.clock.advance(dayMs);
        await stage.runDue();
        await stage.carryOut();
      }
      const after = await stage.books();
      for (const [name, id] of Object.entries(ids)) {
        const expected = name === "small" ? "waiting" : name === "canceled" ? "canceled" : "succeeded";
        expect([name, after[id]], `asleep before call ${at}, when it was ${before[id]}`).toEqual([name, expected]);
      }
    }
  });
});

describe("runs, cancellations and a provider", () => {
  /** Each call of a store by any of them is a step, and the steps come in any order. */
  test("that meet in any order pay each accrual once, or leave it waiting, or canceled", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.uniqueArray(fc.nat(6), { maxLength: 3 }), async (scheduler, canceled) => {
        const { stage, ids } = await eve();
        const { dependencies: plain, place, clock } = stage;
        const stepped = through(
          plain,
          (dependency, name) =>
            Object.fromEntries(
              Object.entries(dependency).map(([method, call]) => [
                method,
                scheduler.scheduleFunction(
                  Object.defineProperty(call.bind(dependency), "name", { value: `${name}.${method}` }),
                ),
              ]),
            ) as typeof dependency,
        );
        const late = { ...stepped, now: () => new Date(clock.now().getTime() + 600_000) };
        const ownRun = cashbackRunId(place, "2026-11-21T06:00:00.000Z");
        await beginDue(place, plain);
        // Another run of the same accruals, as if the schedule came every minute.
        const [run] = [await plain.runs.get(ownRun)];
        if (!run) throw new Error("a run has begun");
        await plain.runs.create({ ...run, id: "run_another", cutoff: clock.now().toISOString() });

        const cancel = async (id: string) => {
          try {
            await cancelAccrual({ id }, stepped, stage.call());
          } catch (error) {
            if (!(error instanceof VisibleError)) throw error;
          }
        };
        const provider = async () => {
          for (const isPaid of [true, false, true]) await scheduler.schedule(stage.carryOut(() => isPaid));
        };
        await scheduler.waitFor(
          Promise.all([
            workOn(ownRun, stepped),
            // The lease of the first means nothing to it: two runners have the same run.
            workOn(ownRun, late),
            workOn("run_another", stepped),
            ...canceled.map((place) => cancel(Object.values(ids)[place] ?? "")),
            provider(),
          ]),
        );
        await stage.books();
        await settleDown(stage);
        const before = await stage.books();
        clock.advance(dayMs);
        await stage.runDue();
        await stage.carryOut();
        const after = await stage.books();
        for (const [name, id] of Object.entries(ids)) {
          // What has moved or was canceled stays, and what waited has its day: only W-3 is too small for it.
          if (before[id] === "succeeded" || before[id] === "canceled")
            expect([name, after[id]]).toEqual([name, before[id]]);
          expect([name, after[id]]).not.toEqual([name, "assigned"]);
        }
      }),
      { numRuns: isThorough ? 150 : 50 },
    );
  }, 60_000);
});

test("a canceled accrual takes its payout below the minimum: nothing is paid, and the others wait on", async () => {
  const stage = cashbackStage();
  await stage.schedule({ minimumPayout: { TRY: 50 } });
  const [first, second] = [await stage.accrue({ value: 30 }), await stage.accrue({ value: 30 })];
  stage.clock.advance(dayMs / 24);
  const { payouts } = stage.dependencies;
  // Canceled after the payout was written down, and before anything was assigned to it.
  const create = async (payout: Payout) => {
    const stored = await payouts.create(payout);
    await cancelAccrual({ id: first }, stage.dependencies, stage.call());
    return stored;
  };
  await stage.runDue({ ...stage.dependencies, payouts: { ...payouts, create } });
  expect(await stage.carryOut()).toEqual([]);
  expect(await stage.books()).toEqual({ [first]: "canceled", [second]: "waiting" });
  expect((await stage.lastRun()).totals).toMatchObject({ transactions: 0, rolledOver: 1 });
  await stage.accrue({ value: 20 });
  stage.clock.advance(dayMs);
  await stage.runDue();
  expect(await stage.carryOut()).toMatchObject([{ amount: { value: 50 }, accruals: { count: 2 } }]);
});
