/** The facts that every store of payouts, schedules and runs must keep, whatever it is made of. */
import { describe, expect, test } from "vitest";
import type { CashbackRunStore, CashbackScheduleStore, PayoutStore, Place } from "../../lib/store/accruals.ts";
import { sampleAccrual, samplePayout, sampleRun, sampleSchedule } from "./accrual-samples.ts";
import { newTenant } from "./sample.ts";

const now = new Date("2026-11-20T10:00:00.000Z");

export function payoutsContract(store: () => PayoutStore): void {
  const place = (tenant: string): Place => ({ tenant, connection: "wallets" });
  const openOf = async (tenant: string, limit = 100) => {
    const found: string[] = [];
    let after: string | undefined;
    do {
      const page = await store().open(place(tenant), limit, after);
      found.push(...page.ids);
      after = page.next;
    } while (after !== undefined);
    return found;
  };

  describe("a payout", () => {
    test("is what the first call made of it, for all", async () => {
      const tenant = newTenant();
      const full = samplePayout(tenant, [sampleAccrual(tenant, 0), sampleAccrual(tenant, 1)], {
        sender: { accountNumber: "A", walletNumber: "B" },
        description: "Cashback",
        secondGroup: "grp_second",
        members: [
          { id: "acc_1", value: 100, revision: 0 },
          { id: "acc_2", value: 100, revision: 1, second: true },
        ],
        minimum: 500,
        hasMore: true,
      });
      const made = Array.from({ length: 10 }, (_, n) => ({ ...full, through: `call-${n}` }));
      const answers = await Promise.all(made.map((one) => store().create(one)));
      const stored = await store().get(full.id);
      for (const answer of answers) expect(answer).toStrictEqual(stored);
      expect(made).toContainEqual(stored);
      expect(await store().get("pay_nobody")).toBeUndefined();
    });

    test("has one decision, the first", async () => {
      const tenant = newTenant();
      const payout = samplePayout(tenant, [sampleAccrual(tenant)]);
      await store().create(payout);
      const decisions = Array.from({ length: 10 }, (_, n) => ({
        kind: n % 2 ? ("pay" as const) : ("void" as const),
        value: n,
        count: n,
        without: [`acc_${n}`],
      }));
      const answers = await Promise.all(decisions.map((one) => store().decide(payout, one)));
      const stored = await store().get(payout.id);
      for (const answer of answers) expect(answer).toStrictEqual(stored);
      expect(decisions).toContainEqual(stored?.decision);
    });

    test("is listed under its connection until it is closed, oldest first", async () => {
      const tenant = newTenant();
      const payouts = [0, 1, 2, 3].map((n) =>
        samplePayout(tenant, [sampleAccrual(tenant)], {
          id: `pay_${tenant}_${n}`,
          createdAt: new Date(Date.UTC(2026, 10, 20, 10, 0, n)).toISOString(),
        }),
      );
      for (const one of payouts.toReversed()) await store().create(one);
      await store().create(samplePayout(tenant, [sampleAccrual(tenant)], { connection: "another" }));
      const ids = payouts.map(({ id }) => id);
      for (const limit of [1, 2, 100]) expect(await openOf(tenant, limit)).toEqual(ids);
      await store().close(ids[1] ?? "");
      await store().close(ids[1] ?? "");
      await store().close("pay_nobody");
      expect(await openOf(tenant)).toEqual([ids[0], ids[2], ids[3]]);
      expect(await store().get(ids[1] ?? "")).toStrictEqual({ ...payouts[1], closed: true });
      expect(await store().get("pay_nobody")).toBeUndefined();
    });
  });
}

export function schedulesContract(store: () => CashbackScheduleStore): void {
  describe("a schedule", () => {
    test("is made once, changed from what was read by one of many, and read as it was", async () => {
      const tenant = newTenant();
      const full = sampleSchedule(tenant, {
        minimumPayout: { TRY: 500 },
        description: "Cashback",
        paused: true,
        lastRun: "run_1",
      });
      const made = await Promise.all(Array.from({ length: 10 }, () => store().create(full)));
      expect(made.filter(Boolean)).toHaveLength(1);
      expect(await store().get(full)).toStrictEqual(full);
      const crons = Array.from({ length: 10 }, (_, n) => `${n} 6 * * *`);
      const changed = await Promise.all(crons.map((cron) => store().replace({ ...full, cron })));
      expect(changed.filter(Boolean)).toHaveLength(1);
      expect(await store().get(full)).toStrictEqual({ ...full, cron: crons[changed.indexOf(true)], revision: 1 });
      expect(await store().get({ ...full, connection: "another" })).toBeUndefined();
    });

    test("that was deleted does not come back by a change", async () => {
      const schedule = sampleSchedule(newTenant());
      await store().create(schedule);
      expect(await store().remove(schedule)).toBe(true);
      expect(await store().remove(schedule)).toBe(false);
      expect(await store().replace(schedule)).toBe(false);
      expect(await store().get(schedule)).toBeUndefined();
    });

    test("that was deleted and made anew is not changed by who read the one before", async () => {
      const schedule = sampleSchedule(newTenant());
      const anew = { ...schedule, cron: "0 0 1 1 *", createdAt: "2026-11-20T09:59:00.000Z" };
      await store().create(schedule);
      await store().remove(schedule);
      await store().create(anew);
      expect(await store().replace({ ...schedule, lastRun: "run_1" })).toBe(false);
      expect(await store().get(schedule)).toStrictEqual(anew);
    });

    test("is due at its time, moves on with it, and never while it has none", async () => {
      const tenant = newTenant();
      const named = (connection: string, nextRunAt: string) => sampleSchedule(tenant, { connection, nextRunAt });
      const due = named("due", "2026-11-20T09:00:00.000Z");
      const longer = named("longer", "2026-11-20T08:00:00.000Z");
      const { nextRunAt: _none, ...paused } = named("paused", "2026-11-20T07:00:00.000Z");
      for (const one of [due, longer, paused, named("later", "2026-11-20T10:00:00.001Z")]) await store().create(one);
      const ours = async () => (await store().due(now, 100)).filter((place) => place.tenant === tenant);
      expect(await ours()).toEqual([
        { tenant, connection: "longer" },
        { tenant, connection: "due" },
      ]);
      await store().replace({ ...longer, nextRunAt: "2026-11-21T08:00:00.000Z" });
      expect(await ours()).toEqual([{ tenant, connection: "due" }]);
      const { nextRunAt: _gone, ...stopped } = due;
      await store().replace({ ...stopped, paused: true });
      expect(await ours()).toEqual([]);
    });
  });
}

export function runsContract(store: () => CashbackRunStore): void {
  describe("a run", () => {
    test("is made once, and changed from what was read by one of many", async () => {
      const run = sampleRun(newTenant(), { minimumPayout: { TRY: 500 }, description: "Cashback", position: "1#grp" });
      await Promise.all(Array.from({ length: 5 }, () => store().create(run)));
      expect(await store().get(run.id)).toStrictEqual(run);
      const changes = Array.from({ length: 10 }, (_, n) => ({ ...run, groups: [`grp_${n}`] }));
      const answers = await Promise.all(changes.map((one) => store().replace(one)));
      const winners = answers.filter((one) => one !== undefined);
      expect(winners).toHaveLength(1);
      expect(winners[0]?.revision).toBe(1);
      expect(await store().get(run.id)).toStrictEqual(winners[0]);
      await store().create(run);
      expect(await store().get(run.id)).toStrictEqual(winners[0]);
      expect(await store().replace(sampleRun(newTenant()))).toBeUndefined();
    });

    test("waits for a runner until one has it, again when that one is not heard of, and not once it is done", async () => {
      const run = sampleRun(newTenant());
      await store().create(run);
      const isDue = async (at = now) => (await store().due(at, 100)).includes(run.id);
      expect(await isDue(new Date("2026-11-20T06:00:09.999Z"))).toBe(false);
      expect(await isDue()).toBe(true);
      const held = await store().replace({ ...run, heldUntil: "2026-11-20T10:00:30.000Z" });
      expect(await isDue()).toBe(false);
      expect(await isDue(new Date("2026-11-20T10:00:30.000Z"))).toBe(true);
      if (held) await store().replace({ ...held, stage: "done" });
      expect(await isDue(new Date("2026-11-21T00:00:00.000Z"))).toBe(false);
    });
  });
}
