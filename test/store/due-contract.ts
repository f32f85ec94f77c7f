/** Facts about finding what is due. */
import { describe, expect, test } from "vitest";
import { dueNow, postpone, takeTurn } from "../../lib/domain/due-transitions.ts";
import { askForReview } from "../../lib/domain/operator-transitions.ts";
import type { Transaction } from "../../lib/domain/transaction.ts";
import { claimAttempt, failUnsent, succeed } from "../../lib/domain/transitions.ts";
import type { InLine, TransactionLists, TransactionStore } from "../../lib/store/port.ts";
import { flowAt, newTenant, sample } from "./sample.ts";

/** Each test has a year of its own, earlier than the one before: what the others left behind is never due in it. */
let year = 2020;
function newYear(): (day: number) => Date {
  year -= 1;
  const own = year;
  return (day) => new Date(Date.UTC(own, 0, day));
}

export function dueContract(store: () => TransactionStore & TransactionLists): void {
  const created = async (nextActionAt: Date | undefined, n = 0, tenant = newTenant()): Promise<Transaction> => {
    const { nextActionAt: _at, ...rest } = sample(tenant, n);
    const transaction = nextActionAt ? { ...rest, nextActionAt: nextActionAt.toISOString() } : rest;
    await store().create(transaction);
    return transaction;
  };

  describe("due", () => {
    test("lists what is due across all tenants and shards, the longest overdue first", async () => {
      const day = newYear();
      const order = [7, 3, 19, 1, 12, 5, 17, 9, 2, 14, 20, 4, 11, 8, 16, 6, 18, 10, 15, 13];
      const ids = new Map<number, string>();
      for (const n of order) ids.set(n, (await created(day(n), n)).id);
      const expected = Array.from({ length: 20 }, (_, n) => ids.get(n + 1));
      expect(await store().due(day(31), 100)).toEqual(expected);
      expect(await store().due(day(31), 5)).toEqual(expected.slice(0, 5));
      expect(await store().due(day(10), 100)).toEqual(expected.slice(0, 10));
    });

    test("lists what is due this very moment, and nothing that is due a millisecond later", async () => {
      const day = newYear();
      const { id } = await created(day(2));
      await created(new Date(day(2).getTime() + 1));
      expect(await store().due(day(2), 100)).toEqual([id]);
      expect(await store().due(new Date(day(2).getTime() - 1), 100)).toEqual([]);
    });

    test("does not list a transaction without a next action", async () => {
      const day = newYear();
      await created(undefined);
      expect(await store().due(day(1), 100)).toEqual([]);
    });

    test("forgets a transaction as soon as it is over", async () => {
      const day = newYear();
      const succeeded = await created(day(1));
      const failed = await created(day(2));
      expect(await store().due(day(9), 100)).toEqual([succeeded.id, failed.id]);
      await store().advance(succeeded.id, claimAttempt(flowAt(1)));
      await store().advance(succeeded.id, succeed({ kind: "settled", detail: "Completed" }, flowAt(2)));
      await store().advance(failed.id, failUnsent("insufficient_funds", flowAt(1)));
      expect(await store().due(day(9), 100)).toEqual([]);
    });

    test("keeps a transaction whose attempt was claimed: its claimant may have died", async () => {
      const day = newYear();
      const { id } = await created(day(1));
      await store().advance(id, claimAttempt(flowAt(1)));
      expect(await store().due(day(9), 100)).toEqual([id]);
    });

    test("leaves what needs an operator out of the follow-up's way", async () => {
      const day = newYear();
      const { id, tenant } = await created(day(1));
      await store().advance(id, claimAttempt(flowAt(1)));
      await store().advance(id, askForReview({ tenant, detail: "two movements" }, { by: "flow", at: day(2) }));
      expect(await store().due(day(9), 100)).toEqual([]);
      expect((await store().get(id, "consistent"))?.nextActionAt).toBe(day(2).toISOString());
    });

    test("lists a postponed transaction at its new time only", async () => {
      const day = newYear();
      const read = await created(day(1));
      await store().advance(read.id, postpone(read, day(5).toISOString(), "waits", { by: "follow-up", at: day(2) }));
      expect(await store().due(day(4), 100)).toEqual([]);
      expect(await store().due(day(5), 100)).toEqual([read.id]);
    });

    test("lists at once what is made due because its flow did not start", async () => {
      const day = newYear();
      const { id } = await created(day(9));
      await store().advance(id, dueNow({ by: "api", at: day(2) }));
      expect(await store().due(day(2), 100)).toEqual([id]);
    });
  });

  describe("the line of those that wait for their turn", () => {
    const inLine = async (turn: Date, n = 0, connection = "ipayout"): Promise<Transaction> => {
      const [notBefore, nextActionAt] = [turn.toISOString(), turn.toISOString()];
      const transaction = sample(newTenant(), n, { notBefore, nextActionAt, connection });
      await store().create(transaction);
      return transaction;
    };
    const follower = (at: Date) => ({ by: "follow-up", at });

    test("is apart from what is due, and says whose line it is and since when", async () => {
      const day = newYear();
      const waits = await inLine(day(3), 0, "nexio");
      const due = await created(day(2));
      expect(await store().due(day(9), 100)).toEqual([due.id]);
      const entry = { id: waits.id, connection: "nexio", at: day(3).toISOString() };
      expect(await store().waiting(day(3), 100)).toEqual({ items: [entry] });
      expect(await store().waiting(new Date(day(3).getTime() - 1), 100)).toEqual({ items: [] });
    });

    test("is read page by page, each one once, the longest waiting first in a page, also while others leave it", async () => {
      const day = newYear();
      const all: string[] = [];
      for (let n = 0; n < 40; n++) all.push((await inLine(new Date(day(1).getTime() + ((n * 7) % 40)), n)).id);
      const read: InLine[] = [];
      let after: string | undefined;
      do {
        const page = await store().waiting(day(2), 16, after);
        expect(page.items.map(({ at }) => at)).toEqual(page.items.map(({ at }) => at).sort());
        expect(page.items.length).toBeLessThanOrEqual(16);
        for (const { id } of page.items) {
          const one = (await store().get(id, "consistent")) as Transaction;
          await store().advance(id, takeTurn(one, day(2), day(5).toISOString(), follower(day(2))));
        }
        read.push(...page.items);
        after = page.next;
      } while (after !== undefined);
      expect(read.map(({ id }) => id).sort()).toEqual(all.sort());
      expect(await store().waiting(day(9), 100)).toEqual({ items: [] });
    });

    test("is left by one whose turn has come: it is due, and its turn is what its deadline counts from", async () => {
      const day = newYear();
      const waits = await inLine(day(1));
      await store().advance(waits.id, takeTurn(waits, day(2), day(3).toISOString(), follower(day(2))));
      expect(await store().waiting(day(9), 100)).toEqual({ items: [] });
      expect(await store().due(day(9), 100)).toEqual([waits.id]);
      const after = await store().get(waits.id, "consistent");
      expect(after).toMatchObject({ notBefore: day(2).toISOString(), nextActionAt: day(3).toISOString() });
    });

    test("is left by one that somebody claims before its turn: what may be in doubt waits for nobody", async () => {
      const day = newYear();
      const { id } = await inLine(day(1));
      await store().advance(id, claimAttempt(flowAt(1), { id }));
      expect(await store().waiting(day(9), 100)).toEqual({ items: [] });
      expect(await store().due(day(9), 100)).toEqual([id]);
    });

    test("is left by one that is over, and by one that is an operator's", async () => {
      const day = newYear();
      const [over, asked] = [await inLine(day(1)), await inLine(day(1), 1)];
      await store().advance(over.id, failUnsent("insufficient_funds", flowAt(1)));
      const { id, tenant } = asked;
      await store().advance(id, claimAttempt(flowAt(1), { id }));
      await store().advance(id, askForReview({ tenant, detail: "two movements" }, follower(day(2))));
      expect(await store().waiting(day(9), 100)).toEqual({ items: [] });
      expect(await store().due(day(9), 100)).toEqual([]);
    });
  });
}
