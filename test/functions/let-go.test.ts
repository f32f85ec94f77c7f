/** Facts about accruals that a run took up and left: they can be canceled, and then nobody pays them, whoever comes back. */
import { describe, expect, test } from "vitest";
import { run as cancelAccrual } from "../../functions/cancel-accrual.ts";
import { VisibleError } from "../../lib/domain/errors.ts";
import type { PayoutStore } from "../../lib/store/accruals.ts";
import { captureLog } from "../lambda/api-event.ts";
import { type Crash, CrashError, everyCrash, mortal, sleeper } from "../lambda/crash.ts";
import { type CashbackStage, cashbackStage } from "./cashback-stage.ts";

captureLog();

const hourMs = 3_600_000;

type Dependencies = CashbackStage["dependencies"];

/** Two accruals of one receiver and one of another, an hour before their run; the schedule is deleted as soon as that has begun. */
async function eve() {
  const stage = cashbackStage();
  await stage.schedule();
  const ids = [
    await stage.accrue({ value: 30 }),
    await stage.accrue({ value: 31 }),
    await stage.accrue({ wallet: "W-2" }),
  ];
  stage.clock.advance(hourMs);
  return { stage, ids };
}

/** The stores through which a run changes something. */
function through(dependencies: Dependencies, wrap: <T extends object>(dependency: T) => T): Dependencies {
  const { accruals, payouts, transactions, runs } = dependencies;
  return {
    ...dependencies,
    accruals: wrap(accruals),
    payouts: wrap(payouts),
    transactions: wrap(transactions),
    runs: wrap(runs),
  };
}

/** A run whose every attempt at one step fails for good: it is logged, and the run ends without it. */
async function leftAt(step: Partial<PayoutStore>) {
  const { stage, ids } = await eve();
  const { dependencies } = stage;
  await stage.runDue({ ...dependencies, payouts: { ...dependencies.payouts, ...step } });
  await dependencies.schedules.remove(stage.place);
  return { stage, ids };
}

const broken = async (): Promise<never> => {
  throw new Error("malformed");
};

const cancel = ({ dependencies, call }: CashbackStage, id: string, given = dependencies) =>
  cancelAccrual({ id }, given, call());

/** `canceled`, or why not. */
async function outcomeOf(stage: CashbackStage, id: string): Promise<string> {
  try {
    await cancel(stage, id);
    return "canceled";
  } catch (error) {
    if (error instanceof VisibleError) return error.code;
    throw error;
  }
}

describe("an accrual of a payout that was left", () => {
  test("before it was decided is canceled, once an hour has passed; the others wait again", async () => {
    const { stage, ids } = await leftAt({ decide: broken });
    const [first = "", second = ""] = ids;
    stage.clock.advance(hourMs - 1);
    expect(await outcomeOf(stage, first)).toBe("not_cancelable");
    stage.clock.advance(1);
    expect(await outcomeOf(stage, first)).toBe("canceled");
    expect(await outcomeOf(stage, first)).toBe("canceled");
    await stage.schedule({ nextRunAt: stage.clock.now().toISOString() });
    await stage.runDue();
    expect((await stage.carryOut()).map(({ amount }) => amount?.value)).toEqual([31, 100]);
    expect(await stage.books()).toMatchObject({ [first]: "canceled", [second]: "succeeded" });
  });

  test("when it was decided that nothing is paid is canceled at once", async () => {
    const { stage, ids } = await eve();
    const { accruals, payouts } = stage.dependencies;
    // One is canceled before it could be assigned, so the rest is below the minimum; then the release fails for good.
    const assign: typeof accruals.assign = async (member, payout) =>
      member.id !== ids[1] && (await accruals.assign(member, payout));
    await stage.dependencies.schedules.remove(stage.place);
    await stage.schedule({ minimumPayout: { TRY: 50 } });
    await stage.runDue({ ...stage.dependencies, accruals: { ...accruals, assign, release: broken } });
    expect((await payouts.open(stage.place, 10)).ids).toHaveLength(2);
    expect(await outcomeOf(stage, ids[0] ?? "")).toBe("canceled");
    // Of the other receiver's a transaction was made.
    expect(await outcomeOf(stage, ids[2] ?? "")).toBe("not_cancelable");
  });

  test("before its transaction was made is canceled, with the transaction, once an hour has passed", async () => {
    const { stage, ids } = await eve();
    const { transactions, schedules } = stage.dependencies;
    await stage.runDue({ ...stage.dependencies, transactions: { ...transactions, create: broken } });
    await schedules.remove(stage.place);
    expect(await outcomeOf(stage, ids[0] ?? "")).toBe("not_cancelable");
    stage.clock.advance(hourMs);
    expect(await outcomeOf(stage, ids[0] ?? "")).toBe("canceled");
    const { items } = await transactions.list({ tenant: stage.tenant, limit: 10 });
    expect(items).toMatchObject([{ status: "canceled", accruals: { count: 2 }, amount: { value: 61 } }]);
    expect(await outcomeOf(stage, ids[1] ?? "")).toBe("canceled");
  });
});

describe("a run that died at any of its calls", () => {
  const runThatDies = async (crash?: Crash) => {
    const made = await eve();
    const { wrap, calls } = mortal(crash);
    await made.stage.runDue(through(made.stage.dependencies, wrap)).catch((error: unknown) => {
      if (!(error instanceof CrashError)) throw error;
    });
    return { ...made, calls: calls() };
  };

  test("holds no accrual that cannot be canceled, but where a transaction pays it; who goes on pays none that was", async () => {
    const { calls } = await runThatDies();
    expect(calls).toBeGreaterThan(20);
    const seen = new Set<string>();
    for (const crash of everyCrash(calls)) {
      const { stage, ids } = await runThatDies(crash);
      stage.clock.advance(2 * hourMs);
      const { items } = await stage.dependencies.transactions.list({ tenant: stage.tenant, limit: 10 });
      const outcome = await outcomeOf(stage, ids[0] ?? "");
      const where = `${crash.when} call ${crash.at}`;
      const isPaid = items.some(({ receiver }) => receiver?.walletNumber === "W-1");
      expect(outcome, where).toBe(isPaid ? "not_cancelable" : "canceled");
      seen.add(outcome);
      for (let minute = 0; minute < 3; minute++) {
        stage.clock.advance(61_000);
        await stage.runDue();
      }
      await stage.carryOut();
      const books = await stage.books();
      expect(books[ids[0] ?? ""], where).toBe(isPaid ? "succeeded" : "canceled");
    }
    expect([...seen].sort()).toEqual(["canceled", "not_cancelable"]);
  });

  test("is followed by a cancellation that may die, too, and be asked for again", async () => {
    const { stage: rehearsal, ids: rehearsed } = await leftAt({ decide: broken });
    rehearsal.clock.advance(hourMs);
    const counting = mortal();
    await cancel(rehearsal, rehearsed[0] ?? "", through(rehearsal.dependencies, counting.wrap));
    expect(counting.calls()).toBeGreaterThan(4);
    for (const crash of everyCrash(counting.calls())) {
      const { stage, ids } = await leftAt({ decide: broken });
      stage.clock.advance(hourMs);
      const { wrap } = mortal(crash);
      await cancel(stage, ids[0] ?? "", through(stage.dependencies, wrap)).catch(() => undefined);
      expect(await outcomeOf(stage, ids[0] ?? "")).toBe("canceled");
      expect((await stage.books())[ids[0] ?? ""]).toBe("canceled");
    }
  });
});

test("a run that slept for an hour at any of its calls pays nothing that was canceled meanwhile, and loses nothing else", async () => {
  let at = 0;
  for (; ; at++) {
    const { stage, ids } = await eve();
    const { wrap, wake, calls } = sleeper(at);
    const sleeping = stage.runDue(through(stage.dependencies, wrap));
    await new Promise((resolve) => setImmediate(resolve));
    if (calls() <= at) break;
    stage.clock.advance(2 * hourMs);
    const outcome = await outcomeOf(stage, ids[0] ?? "");
    wake();
    await sleeping;
    stage.clock.advance(24 * hourMs);
    for (let round = 0; round < 2; round++) {
      await stage.runDue();
      await stage.carryOut();
      stage.clock.advance(24 * hourMs);
    }
    const books = await stage.books();
    expect(books, `asleep at call ${at}`).toEqual({
      [ids[0] ?? ""]: outcome === "canceled" ? "canceled" : "succeeded",
      [ids[1] ?? ""]: "succeeded",
      [ids[2] ?? ""]: "succeeded",
    });
  }
  expect(at).toBeGreaterThan(20);
});
