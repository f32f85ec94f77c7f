/** The facts that every store of accruals must keep, whatever it is made of. */
import { describe, expect, test } from "vitest";
import { derivedId } from "../../lib/domain/ids.ts";
import type { AccrualLists, AccrualQuery, AccrualStore, Place } from "../../lib/store/accruals.ts";
import { groupTo, lira, sampleAccrual, samplePayout } from "./accrual-samples.ts";
import { newTenant } from "./sample.ts";

const cutoff = "2026-11-20T10:00:00.000Z";
const canceled = { by: "key:1", at: cutoff };

export function accrualsContract(store: () => AccrualStore & AccrualLists): void {
  const put = async (...accruals: ReturnType<typeof sampleAccrual>[]) => {
    for (const one of accruals) await store().create(one);
  };
  const placeOf = (tenant: string): Place => ({ tenant, connection: "wallets" });
  const waitingIds = async (tenant: string, group = groupTo("W-1")) =>
    (await store().waiting({ ...placeOf(tenant), group, cutoff, limit: 100 })).map(({ id }) => id);

  describe("an accrual", () => {
    test("is created once, of many calls at once, and read as it was", async () => {
      const tenant = newTenant();
      const full = sampleAccrual(tenant, 0, {
        sender: { accountNumber: "A", walletNumber: "B" },
        description: "Order 17",
        metadata: { order: "17" },
      });
      const calls = Array.from({ length: 10 }, (_, n) => store().create({ ...full, fingerprint: `call-${n}` }));
      const answers = await Promise.all(calls);
      expect(answers.filter(({ created }) => created)).toHaveLength(1);
      const winner = answers.findIndex(({ created }) => created);
      for (const { accrual } of answers) expect(accrual).toStrictEqual({ ...full, fingerprint: `call-${winner}` });
      expect(await store().get(full.id)).toStrictEqual({ ...full, fingerprint: `call-${winner}` });
      expect(await store().get("acc_nobody")).toBeUndefined();
    });

    test("is assigned to one payout of many, which may ask again", async () => {
      const tenant = newTenant();
      const accrual = sampleAccrual(tenant);
      await put(accrual);
      const payouts = Array.from({ length: 10 }, (_, n) => ({ id: `pay_${n}` }));
      const taken = await Promise.all(payouts.map((payout) => store().assign(accrual, payout)));
      expect(taken.filter(Boolean)).toHaveLength(1);
      const winner = payouts[taken.indexOf(true)] ?? { id: "" };
      expect(await store().assign(accrual, winner)).toBe(true);
      expect(await store().get(accrual.id)).toStrictEqual({ ...accrual, state: "assigned", payout: winner.id });
      expect(await waitingIds(tenant)).toEqual([]);
      expect(await store().assign({ id: "acc_nobody", revision: 0 }, winner)).toBe(false);
    });

    test("that came back waits in its old place, and is no more that of a payout which knew it before", async () => {
      const tenant = newTenant();
      const [first, second] = [sampleAccrual(tenant, 0), sampleAccrual(tenant, 1)];
      await put(first, second);
      const [payout, other] = [samplePayout(tenant, [first]), samplePayout(tenant, [first, second])];
      await store().assign(first, payout);
      await store().release(first.id, other);
      expect(await store().get(first.id)).toMatchObject({ state: "assigned", payout: payout.id, revision: 0 });
      await Promise.all(Array.from({ length: 5 }, () => store().release(first.id, payout)));
      expect(await store().get(first.id)).toStrictEqual({ ...first, revision: 1 });
      expect(await waitingIds(tenant)).toEqual([first.id, second.id]);
      const [listed] = await store().waiting({ ...placeOf(tenant), group: groupTo("W-1"), cutoff, limit: 1 });
      expect(listed).toMatchObject({ id: first.id, value: 100, revision: 1 });
      for (const late of [payout, other]) expect(await store().assign({ id: first.id, revision: 0 }, late)).toBe(false);
      expect(await store().assign({ id: first.id, revision: 1 }, other)).toBe(true);
    });

    test("that came back from a payout of two groups waits in its own", async () => {
      const tenant = newTenant();
      const named = sampleAccrual(tenant, 0, { sender: { accountNumber: "A", walletNumber: "B" } });
      const unnamed = sampleAccrual(tenant, 1);
      await put(named, unnamed);
      const namedGroup = derivedId("grp", "A", "B", "W-1", "TRY");
      const { members, ...payout } = samplePayout(tenant, [named, unnamed], { secondGroup: namedGroup });
      const both = {
        ...payout,
        members: members.map((one) => (one.id === named.id ? { ...one, second: true as const } : one)),
      };
      for (const accrual of [named, unnamed]) {
        await store().assign(accrual, both);
        await store().release(accrual.id, both);
      }
      const idsIn = async (group: string) =>
        (await store().waiting({ ...placeOf(tenant), group, cutoff, limit: 9 })).map(({ id }) => id);
      expect(await idsIn(namedGroup)).toEqual([named.id]);
      expect(await idsIn(groupTo("W-1"))).toEqual([unnamed.id]);
    });

    test("is canceled as it was read, or not at all", async () => {
      const tenant = newTenant();
      const [waiting, assigned] = [sampleAccrual(tenant, 0), sampleAccrual(tenant, 1)];
      await put(waiting, assigned);
      const payout = samplePayout(tenant, [assigned]);
      await store().assign(assigned, payout);
      expect(await store().cancel(assigned, canceled)).toBe(false);
      const read = { ...assigned, state: "assigned" as const, payout: payout.id };
      expect(await store().cancel({ ...read, payout: "pay_other" }, canceled)).toBe(false);
      expect(await store().cancel({ ...read, revision: 1 }, canceled)).toBe(false);
      for (const one of [waiting, read]) expect(await store().cancel(one, canceled)).toBe(true);
      expect(await store().get(waiting.id)).toStrictEqual({ ...waiting, state: "canceled", canceled });
      expect(await store().get(assigned.id)).toStrictEqual({ ...assigned, state: "canceled", canceled });
      expect(await waitingIds(tenant)).toEqual([]);
      await store().release(assigned.id, payout);
      for (const { id } of [waiting, assigned]) expect(await store().assign({ id, revision: 0 }, payout)).toBe(false);
      expect(await store().cancel(waiting, canceled)).toBe(false);
    });
  });

  describe("what waits", () => {
    const everyGroup = async (where: Place, limit: number) => {
      const found: string[] = [];
      let after: string | undefined;
      do {
        const page = await store().waitingGroups(where, limit, after);
        expect(page.groups.length).toBeLessThanOrEqual(limit);
        found.push(...page.groups);
        after = page.next;
      } while (after !== undefined);
      return found;
    };

    test.each([1, 3, 50])("is found group by group, each once, %i at a time", async (limit) => {
      const tenant = newTenant();
      const wallets = Array.from({ length: 12 }, (_, n) => `W-${n}`);
      const accruals = wallets.flatMap((walletNumber, n) =>
        [0, 1, 2].map((k) => sampleAccrual(tenant, 3 * n + k, { receiver: { walletNumber } })),
      );
      await put(...accruals, sampleAccrual(tenant, 90, { connection: "another" }), sampleAccrual(newTenant(), 91));
      const found = await everyGroup(placeOf(tenant), limit);
      expect(found.toSorted()).toEqual(wallets.map(groupTo).sort());
      expect(await everyGroup(placeOf(newTenant()), limit)).toEqual([]);
    });

    test("is found however many one group has", async () => {
      const tenant = newTenant();
      const many = Array.from({ length: 300 }, (_, n) => sampleAccrual(tenant, n));
      const others = Array.from({ length: 10 }, (_, n) =>
        sampleAccrual(tenant, 300 + n, { receiver: { walletNumber: `W-1${n}` } }),
      );
      await Promise.all([...many, ...others].map((one) => store().create(one)));
      expect(await everyGroup(placeOf(tenant), 2)).toHaveLength(11);
    });

    test("differs by sender, receiver and currency", async () => {
      const tenant = newTenant();
      await put(
        sampleAccrual(tenant, 0),
        sampleAccrual(tenant, 1),
        sampleAccrual(tenant, 2, { amount: { ...lira(100), currency: "USD" } }),
        sampleAccrual(tenant, 3, { sender: { accountNumber: "A", walletNumber: "B" } }),
        sampleAccrual(tenant, 4, { sender: { accountNumber: "A", walletNumber: "C" } }),
        sampleAccrual(tenant, 5, { receiver: { walletNumber: "W-2" } }),
      );
      expect(await everyGroup(placeOf(tenant), 50)).toHaveLength(5);
    });

    test("in a group is listed oldest first, from before the cutoff and behind a place", async () => {
      const tenant = newTenant();
      const [first, second, third, fourth] = [0, 1, 2, 3].map((n) => sampleAccrual(tenant, n));
      if (!first || !second || !third || !fourth) throw new Error("there are four");
      await put(third, fourth, first, second, sampleAccrual(tenant, 4, { receiver: { walletNumber: "W-2" } }));
      const query = { ...placeOf(tenant), group: groupTo("W-1"), cutoff: fourth.createdAt };
      const all = await store().waiting({ ...query, limit: 10 });
      expect(all.map(({ id }) => id)).toEqual([first.id, second.id, third.id]);
      const [one] = await store().waiting({ ...query, limit: 1 });
      expect(one).toEqual(all[0]);
      const rest = await store().waiting({ ...query, limit: 10, after: one?.at ?? "" });
      expect(rest).toEqual(all.slice(1));
      expect(await store().waiting({ ...query, limit: 10, after: all.at(-1)?.at ?? "" })).toEqual([]);
    });
  });

  describe("a page of accruals", () => {
    const everyPage = async (query: AccrualQuery): Promise<string[][]> => {
      const pages: string[][] = [];
      let before: string | undefined;
      do {
        const page = await store().list({ ...query, ...(before && { before }) });
        pages.push(page.items.map(({ id }) => id));
        before = page.next;
      } while (before !== undefined);
      return pages;
    };

    test("begins where the last one ended, newest first, and holds no other tenant's", async () => {
      const tenant = newTenant();
      const accruals = Array.from({ length: 30 }, (_, n) => sampleAccrual(tenant, n));
      await put(...accruals, sampleAccrual(newTenant(), 5));
      const newestFirst = accruals.map(({ id }) => id).reverse();
      expect(await everyPage({ tenant, limit: 12 })).toEqual([
        newestFirst.slice(0, 12),
        newestFirst.slice(12, 24),
        newestFirst.slice(24),
      ]);
      expect((await everyPage({ tenant, limit: 1 })).flat()).toEqual(newestFirst);
    });

    test("is of a connection and of a receiver, if that is asked", async () => {
      const tenant = newTenant();
      const [one, two, three] = [
        sampleAccrual(tenant, 0, { connection: "another" }),
        sampleAccrual(tenant, 1, { receiver: { walletNumber: "W-2" } }),
        sampleAccrual(tenant, 2, { receiver: { walletNumber: "W-2" }, connection: "another" }),
      ];
      await put(one, two, three, sampleAccrual(tenant, 3));
      expect((await everyPage({ tenant, limit: 1, connection: "another" })).flat()).toEqual([three.id, one.id]);
      expect((await everyPage({ tenant, limit: 9, receiver: "W-2" })).flat()).toEqual([three.id, two.id]);
      const both = await everyPage({ tenant, limit: 9, receiver: "W-2", connection: "another" });
      expect(both.flat()).toEqual([three.id]);
    });

    test("by ids has them in the order of the ids", async () => {
      const tenant = newTenant();
      const [one, two] = [sampleAccrual(tenant, 0), sampleAccrual(tenant, 1)];
      await put(one, two);
      expect(await store().getAll([two.id, "acc_nobody", one.id])).toStrictEqual([two, one]);
      expect(await store().getAll([])).toEqual([]);
    });
  });
}
