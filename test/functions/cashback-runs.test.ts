/** Facts about the runs of cashback schedules: what is netted, what waits, what comes back, and that all is paid once. */
import { describe, expect, test } from "vitest";
import { run as payAccruals } from "../../functions/pay-accruals.ts";
import { run as runCashbacks } from "../../functions/run-cashbacks.ts";
import { StoreUnavailableError } from "../../lib/domain/errors.ts";
import { amountMinorMax } from "../../lib/domain/money.ts";
import { captureLog } from "../lambda/api-event.ts";
import { type CashbackStage, cashbackStage, ownSender } from "./cashback-stage.ts";

const log = captureLog();
const hourMs = 3_600_000;

/** At six, all that was accrued until then is paid out. */
async function atSix(stage: CashbackStage): Promise<void> {
  stage.clock.advance(Date.parse("2026-11-20T06:00:00.500Z") - stage.clock.now().getTime());
  await stage.runDue();
}

async function nextDay(stage: CashbackStage): Promise<void> {
  stage.clock.advance(24 * hourMs);
  await stage.runDue();
}

const moved = async (stage: CashbackStage, ...fates: boolean[]) =>
  (await stage.carryOut(() => fates.shift() ?? true)).map(({ receiver, amount }) => [
    receiver?.walletNumber,
    amount?.value,
    amount?.currency,
  ]);

describe("a run", () => {
  test("pays each receiver's accruals with one transaction, currency by currency", async () => {
    const stage = cashbackStage();
    await stage.schedule({ description: "Cashback of the week" });
    const first = await stage.accrue({ value: 100 });
    for (const value of [20, 3]) await stage.accrue({ value });
    await stage.accrue({ value: 7, currency: "USD" });
    await stage.accrue({ wallet: "W-2", value: 50 });
    await atSix(stage);
    const { items } = await stage.dependencies.transactions.list({ tenant: stage.tenant, limit: 10 });
    const run = await stage.lastRun();
    const netted = items.find(({ amount }) => amount?.value === 123);
    expect(netted).toMatchObject({
      kind: "cashback",
      status: "pending",
      connection: "wallets",
      provider: "scripted",
      receiver: { walletNumber: "W-1" },
      amount: { value: 123, currency: "TRY" },
      description: "Cashback of the week",
      batch: run.id,
      accruals: { count: 3 },
      log: [{ status: "pending", by: "schedule" }],
    });
    expect(run).toMatchObject({
      stage: "done",
      dueAt: "2026-11-20T06:00:00.000Z",
      totals: { transactions: 3, accruals: 5, rolledOver: 0, amounts: { TRY: 173, USD: 7 } },
      endedAt: stage.clock.now().toISOString(),
    });
    expect((await stage.books())[first]).toBe("pending");
    expect(await moved(stage)).toEqual(
      expect.arrayContaining([
        ["W-1", 123, "TRY"],
        ["W-1", 7, "USD"],
        ["W-2", 50, "TRY"],
      ]),
    );
    expect([...new Set(Object.values(await stage.books()))]).toEqual(["succeeded"]);
  });

  test("of a schedule that is delivered twice, or woken twice, is one", async () => {
    const stage = cashbackStage();
    await stage.schedule();
    await stage.accrue();
    stage.clock.advance(hourMs);
    await Promise.all([runCashbacks(stage.dependencies), runCashbacks(stage.dependencies)]);
    const wakings = stage.woken.splice(0).map(({ detail }) => detail as { run: string });
    const [first] = wakings;
    expect(new Set(wakings.map(({ run }) => run)).size).toBe(1);
    const ends = await Promise.all(
      [...wakings, first].map((one) => payAccruals(one ?? { run: "" }, stage.dependencies)),
    );
    expect(ends.map(({ end }) => end).toSorted()).toEqual([
      "done",
      ...Array.from({ length: wakings.length }, () => "left alone"),
    ]);
    expect(await moved(stage)).toEqual([["W-1", 100, "TRY"]]);
    await stage.runDue();
    expect(await moved(stage)).toEqual([]);
  });

  test("leaves what comes while it runs, or came at its very time, to the next", async () => {
    const stage = cashbackStage();
    await stage.schedule();
    await stage.accrue({ value: 100 });
    stage.clock.advance(Date.parse("2026-11-20T05:59:59.999Z") - stage.clock.now().getTime());
    const late = [await stage.accrue({ value: 5 }), await stage.accrue({ value: 6 })];
    await atSix(stage);
    expect(await moved(stage)).toEqual([["W-1", 100, "TRY"]]);
    const books = await stage.books();
    expect(late.map((id) => books[id])).toEqual(["waiting", "waiting"]);
    await nextDay(stage);
    expect(await moved(stage)).toEqual([["W-1", 11, "TRY"]]);
  });

  test("leaves a group below the minimum of its currency to the next, until it is not", async () => {
    const stage = cashbackStage();
    await stage.schedule({ minimumPayout: { TRY: 100 } });
    await stage.accrue({ value: 60 });
    await stage.accrue({ value: 1, currency: "USD" });
    await stage.accrue({ wallet: "W-2", value: 100 });
    await atSix(stage);
    expect(await moved(stage)).toEqual([
      ["W-1", 1, "USD"],
      ["W-2", 100, "TRY"],
    ]);
    expect((await stage.lastRun()).totals).toEqual({
      transactions: 2,
      accruals: 2,
      rolledOver: 1,
      amounts: { TRY: 100, USD: 1 },
    });
    await stage.accrue({ value: 39 });
    await nextDay(stage);
    expect(await moved(stage)).toEqual([]);
    await stage.accrue({ value: 1 });
    await nextDay(stage);
    expect(await moved(stage)).toEqual([["W-1", 100, "TRY"]]);
  });

  test("pays what failed once more, and what succeeded never", async () => {
    const stage = cashbackStage();
    await stage.schedule();
    await stage.accrue({ value: 60 });
    await stage.accrue({ value: 40 });
    await stage.accrue({ wallet: "W-2", value: 5 });
    await atSix(stage);
    const fates = new Map([
      ["W-1", false],
      ["W-2", true],
    ]);
    await stage.carryOut(({ receiver }) => fates.get(receiver?.walletNumber ?? "") ?? true);
    await stage.accrue({ value: 1 });
    await nextDay(stage);
    expect(await moved(stage)).toEqual([["W-1", 101, "TRY"]]);
    await nextDay(stage);
    expect(await moved(stage)).toEqual([]);
    expect(Object.values(await stage.books())).toEqual(["succeeded", "succeeded", "succeeded", "succeeded"]);
  });

  test("leaves alone what is still open, or needs an operator", async () => {
    const stage = cashbackStage();
    await stage.schedule();
    await stage.accrue({ value: 60 });
    await atSix(stage);
    await nextDay(stage);
    expect(await moved(stage)).toEqual([["W-1", 60, "TRY"]]);
  });

  test("pays a group that is more than a payout holds, or than a transaction may move, with several", async () => {
    const stage = cashbackStage();
    await stage.schedule({ minimumPayout: { TRY: 5_000 } });
    for (let n = 0; n < 2_003; n++) await stage.accrue({ value: 1 });
    await stage.accrue({ wallet: "W-2", value: amountMinorMax - 1 });
    await stage.accrue({ wallet: "W-2", value: 1 });
    await stage.accrue({ wallet: "W-2", value: 6_000 });
    await atSix(stage);
    expect(await moved(stage)).toEqual([
      // Full, and so paid although it is below the minimum; the other three wait for more.
      ["W-1", 2_000, "TRY"],
      ["W-2", 6_000, "TRY"],
      ["W-2", amountMinorMax, "TRY"],
    ]);
    expect((await stage.lastRun()).totals).toMatchObject({ transactions: 3, accruals: 2_003, rolledOver: 3 });
    const books = Object.values(await stage.books());
    expect(books.filter((one) => one === "waiting")).toHaveLength(3);
  });

  test("of hundreds of groups writes itself a few times, and starts them at the connection's pace", async () => {
    const stage = cashbackStage();
    await stage.schedule();
    for (let n = 0; n < 120; n++) await stage.accrue({ wallet: `W-${n}` });
    await atSix(stage);
    const { items } = await stage.dependencies.transactions.list({ tenant: stage.tenant, limit: 200 });
    expect(items).toHaveLength(120);
    const starts = items.map(({ notBefore = "" }) => Date.parse(notBefore)).sort((one, other) => one - other);
    expect(new Set(starts).size).toBe(120);
    // Three requests each, at 300 a second.
    expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).toBe(119 * 10);
    expect((await stage.lastRun()).revision).toBeLessThan(10);
  });

  test("without anything to pay is done at once", async () => {
    const stage = cashbackStage();
    await stage.schedule();
    await atSix(stage);
    expect(await stage.lastRun()).toMatchObject({ stage: "done", totals: { transactions: 0 }, revision: 2 });
  });
});

describe("accruals that name the connection's own sender", () => {
  test("are paid together with those that name none, also when they were paid in vain", async () => {
    const stage = cashbackStage();
    await stage.schedule({ minimumPayout: { TRY: 150 } });
    await stage.accrue({ value: 100, sender: ownSender });
    await stage.accrue({ value: 20 });
    await atSix(stage);
    expect((await stage.lastRun()).totals).toMatchObject({ transactions: 0, rolledOver: 2 });
    await stage.accrue({ value: 50 });
    await stage.accrue({ wallet: "W-2", value: 160, sender: ownSender });
    await nextDay(stage);
    expect((await stage.lastRun()).totals).toMatchObject({ transactions: 2, accruals: 4, rolledOver: 0 });
    const inVain = await stage.carryOut(() => false);
    expect(inVain.map(({ sender, amount }) => [sender, amount?.value])).toEqual([
      [ownSender, 170],
      [ownSender, 160],
    ]);
    await nextDay(stage);
    expect(await moved(stage)).toEqual([
      ["W-1", 170, "TRY"],
      ["W-2", 160, "TRY"],
    ]);
    expect([...new Set(Object.values(await stage.books()))]).toEqual(["succeeded"]);
  });

  test("are paid from it when the connection has got another, which pays what names none", async () => {
    const stage = cashbackStage();
    await stage.schedule();
    const other = { accountNumber: "A-2", walletNumber: "W-9" };
    for (const sender of [ownSender, undefined, other]) {
      await stage.accrue({ value: sender ? 100 : 20, ...(sender && { sender }) });
    }
    stage.changeSender(other);
    await atSix(stage);
    const made = (await stage.carryOut()).map(({ sender, amount }) => [sender, amount?.value]);
    expect(made).toHaveLength(2);
    expect(made).toEqual(
      expect.arrayContaining([
        [ownSender, 100],
        [other, 120],
      ]),
    );
    expect([...new Set(Object.values(await stage.books()))]).toEqual(["succeeded"]);
  });

  test("leave no sender in a transaction where none was named", async () => {
    const stage = cashbackStage();
    await stage.schedule();
    await stage.accrue();
    await atSix(stage);
    expect((await stage.carryOut())[0]).not.toHaveProperty("sender");
  });

  test("are paid oldest first where both are more than a payout holds", async () => {
    const stage = cashbackStage();
    await stage.schedule();
    for (let n = 0; n < 1_100; n++) {
      await stage.accrue({ value: 1 });
      await stage.accrue({ value: 1, sender: ownSender });
    }
    await atSix(stage);
    expect((await stage.lastRun()).totals).toMatchObject({ transactions: 2, accruals: 2_200 });
    expect(await moved(stage)).toEqual([
      ["W-1", 200, "TRY"],
      ["W-1", 2_000, "TRY"],
    ]);
    expect([...new Set(Object.values(await stage.books()))]).toEqual(["succeeded"]);
  }, 60_000);
});

describe("a schedule", () => {
  test("that was missed for days makes up for it with one run, of all that came until then", async () => {
    const stage = cashbackStage();
    await stage.schedule();
    await stage.accrue({ value: 1 });
    stage.clock.advance(70 * hourMs);
    await stage.accrue({ value: 2 });
    stage.clock.advance(1);
    await stage.runDue();
    expect(await moved(stage)).toEqual([["W-1", 3, "TRY"]]);
    expect(await stage.dependencies.schedules.get(stage.place)).toMatchObject({
      nextRunAt: "2026-11-23T06:00:00.000Z",
    });
    await stage.runDue();
    expect((await stage.lastRun()).dueAt).toBe("2026-11-20T06:00:00.000Z");
  });

  test("whose expression cannot be read any more keeps no other waiting", async () => {
    const stage = cashbackStage();
    await stage.schedule();
    await stage.schedule({ connection: "broken", cron: "never" });
    await stage.accrue();
    await atSix(stage);
    expect(await moved(stage)).toHaveLength(1);
    expect(log.lines()).toContainEqual(
      expect.objectContaining({ event: "cashback run not begun", connection: "broken" }),
    );
  });

  test("that is deleted while its run is under way does not end that", async () => {
    const stage = cashbackStage();
    await stage.schedule();
    await stage.accrue();
    stage.clock.advance(hourMs);
    await runCashbacks(stage.dependencies);
    await stage.dependencies.schedules.remove(stage.place);
    await stage.runDue();
    expect(await moved(stage)).toHaveLength(1);
  });
});

describe("a runner", () => {
  test("that is out of time gives the run back, wakes the next, and every group is counted once", async () => {
    const stage = cashbackStage();
    await stage.schedule();
    for (let n = 0; n < 60; n++) for (const value of [1, 2]) await stage.accrue({ wallet: `W-${n}`, value });
    stage.clock.advance(hourMs);
    await runCashbacks(stage.dependencies);
    const ends: string[] = [];
    for (let next = stage.woken.shift(); next; next = stage.woken.shift()) {
      let asked = 0;
      // Enough for one page of groups each time.
      const remainingMs = () => (asked++ < 30 ? 60_000 : 5_000);
      ends.push((await payAccruals(next.detail as { run: string }, stage.dependencies, remainingMs)).end);
    }
    expect(ends.length).toBeGreaterThan(2);
    expect(ends.at(-1)).toBe("done");
    expect((await stage.lastRun()).totals).toEqual({
      transactions: 60,
      accruals: 120,
      rolledOver: 0,
      amounts: { TRY: 180 },
    });
    expect(await moved(stage)).toHaveLength(60);
    await stage.books();
  });

  test("with no time at all takes nothing up, and wakes nobody", async () => {
    const stage = cashbackStage();
    await stage.schedule();
    stage.clock.advance(hourMs);
    await runCashbacks(stage.dependencies);
    const waking = stage.woken.shift()?.detail as { run: string };
    expect(await payAccruals(waking, stage.dependencies, () => 1_000)).toEqual({ end: "left alone" });
    expect(stage.woken).toEqual([]);
    await stage.runDue();
    expect(await stage.lastRun()).toMatchObject({ stage: "done" });
  });

  test("that meets a group it cannot read pays the others", async () => {
    const stage = cashbackStage();
    await stage.schedule();
    const bad = await stage.accrue({ wallet: "W-bad" });
    await stage.accrue({ wallet: "W-good" });
    const { accruals } = stage.dependencies;
    const get = async (id: string) => {
      if (id === bad) throw new TypeError("cannot be read");
      return accruals.get(id);
    };
    stage.clock.advance(hourMs);
    await stage.runDue({ ...stage.dependencies, accruals: { ...accruals, get } });
    expect(await moved(stage)).toEqual([["W-good", 100, "TRY"]]);
    expect(log.lines()).toContainEqual(expect.objectContaining({ event: "group not paid", errorName: "TypeError" }));
    await nextDay(stage);
    expect(await moved(stage)).toEqual([["W-bad", 100, "TRY"]]);
  });

  test("that meets a database that is not there stops, and the run goes on a minute later", async () => {
    const stage = cashbackStage();
    await stage.schedule();
    await stage.accrue();
    stage.clock.advance(hourMs);
    const { payouts } = stage.dependencies;
    const create = async () => Promise.reject(new StoreUnavailableError("not now"));
    await expect(stage.runDue({ ...stage.dependencies, payouts: { ...payouts, create } })).rejects.toThrow("not now");
    stage.clock.advance(61_000);
    await stage.runDue();
    expect(await moved(stage)).toHaveLength(1);
    expect((await stage.lastRun()).totals.transactions).toBe(1);
  });
});
