/** Facts about what waits for an operator: listed for its tenant, gone once resolved, and due again where it owes something. */
import { describe, expect, test } from "vitest";
import { gaveBack, owing } from "../../lib/domain/due-transitions.ts";
import { askForReview, resolve } from "../../lib/domain/operator-transitions.ts";
import type { Transaction } from "../../lib/domain/transaction.ts";
import { claimAttempt } from "../../lib/domain/transitions.ts";
import type { TransactionLists, TransactionStore } from "../../lib/store/port.ts";
import { flowAt, newTenant, sample } from "./sample.ts";

const operator = { by: "key:key_1", at: new Date("2026-11-20T10:00:00.000Z") };

function moment(n: number): string {
  return new Date(Date.UTC(2026, 10, 20, 9, 30, 0, n)).toISOString();
}

export function reviewContract(store: () => TransactionStore & TransactionLists): void {
  /** One that went to its tenant's operator as they do, in the order of its number. */
  const reviewed = async (tenant: string, n: number, members: Partial<Transaction> = {}): Promise<Transaction> => {
    const transaction = sample(tenant, n, { createdAt: moment(n), ...members });
    await store().create(transaction);
    await store().advance(transaction.id, claimAttempt(flowAt(1)));
    // The latest is asked about first: what is listed follows the transactions' own times.
    const asked = { by: "flow", at: flowAt(50 - n).at };
    const answer = await store().advance(transaction.id, askForReview({ tenant, detail: "two movements" }, asked));
    if (!answer.transaction) throw new Error("not stored");
    return answer.transaction;
  };
  const listed = async (tenant: string, filters: object = {}, limit = 100): Promise<string[]> => {
    const ids: string[] = [];
    for (let before: string | undefined; ; ) {
      const page = { tenant, limit, status: "needs_review", ...filters, ...(before && { before }) } as const;
      const { items, next } = await store().list(page);
      expect(items.length).toBeLessThanOrEqual(limit);
      ids.push(...items.map(({ id }) => id));
      if (next === undefined) return ids;
      if (ids.length > 100) throw new Error("the pages do not end");
      before = next;
    }
  };

  describe("what needs an operator", () => {
    test("is listed newest first, in pages of any size, and nothing else is", async () => {
      const tenant = newTenant();
      const all: string[] = [];
      for (let n = 0; n < 9; n++) all.unshift((await reviewed(tenant, n)).id);
      await store().create(sample(tenant, 20, { createdAt: moment(4) }));
      for (const limit of [1, 2, 3, 4, 8, 9, 10, 100]) expect(await listed(tenant, {}, limit)).toEqual(all);
    });

    test("is listed whole, as it was last written", async () => {
      const tenant = newTenant();
      const transaction = await reviewed(tenant, 1);
      const { items } = await store().list({ tenant, limit: 10, status: "needs_review" });
      expect(items).toStrictEqual([transaction]);
    });

    test("is found by its kind, its connection, its batch, its original and its time", async () => {
      const tenant = newTenant();
      const one = await reviewed(tenant, 1, { kind: "refund", original: "stl-1", connection: "first" });
      const two = await reviewed(tenant, 2, { kind: "refund", original: "stl-2", batch: "b-1" });
      const three = await reviewed(tenant, 3, { connection: "first", batch: "b-1" });
      expect(await listed(tenant, { kind: "refund" })).toEqual([two.id, one.id]);
      expect(await listed(tenant, { connection: "first" })).toEqual([three.id, one.id]);
      expect(await listed(tenant, { batch: "b-1" }, 1)).toEqual([three.id, two.id]);
      expect(await listed(tenant, { original: "stl-1" })).toEqual([one.id]);
      expect(await listed(tenant, { kind: "refund", batch: "b-1" })).toEqual([two.id]);
      expect(await listed(tenant, { from: moment(2) })).toEqual([three.id, two.id]);
      expect(await listed(tenant, { to: moment(2) })).toEqual([one.id]);
      expect(await listed(tenant, { from: moment(2), to: moment(3) })).toEqual([two.id]);
      expect(await listed(tenant, { from: moment(3), to: moment(2) })).toEqual([]);
    });

    test("is shown to its tenant only", async () => {
      const tenant = newTenant();
      await reviewed(tenant, 1);
      for (const other of [newTenant(), `${tenant}#0`, `review#${tenant}`, ""]) expect(await listed(other)).toEqual([]);
    });

    test("is listed no more once it is resolved, also between two pages", async () => {
      const tenant = newTenant();
      const [one, two, three] = [await reviewed(tenant, 1), await reviewed(tenant, 2), await reviewed(tenant, 3)];
      const first = await store().list({ tenant, limit: 1, status: "needs_review" });
      expect([first.items[0]?.id, first.next !== undefined]).toEqual([three.id, true]);
      await store().advance(two.id, resolve({ outcome: "succeeded", reason: "seen" }, operator));
      const rest = await store().list({
        tenant,
        limit: 10,
        status: "needs_review",
        ...(first.next && { before: first.next }),
      });
      expect(rest.items.map(({ id }) => id)).toEqual([one.id]);
      expect(await listed(tenant)).toEqual([three.id, one.id]);
    });

    test("is resolved by one of two who say otherwise", async () => {
      const { id } = await reviewed(newTenant(), 1);
      const answers = await Promise.all([
        store().advance(id, resolve({ outcome: "succeeded", reason: "seen" }, operator)),
        store().advance(id, resolve({ outcome: "failed", reason: "not seen" }, operator)),
      ]);
      expect(answers.map(({ advanced }) => advanced).sort()).toEqual([false, true]);
    });

    test("is not due for follow-up, before and after it is resolved", async () => {
      const { id } = await reviewed(newTenant(), 1);
      const due = () => store().due(new Date("2030-01-01T00:00:00.000Z"), 10_000);
      expect(await due()).not.toContain(id);
      await store().advance(id, resolve({ outcome: "succeeded", reason: "seen" }, operator));
      expect(await due()).not.toContain(id);
    });

    test("is due for follow-up again where it is resolved and owes something, until that is given back", async () => {
      const { id, tenant } = await reviewed(newTenant(), 1, { kind: "refund", original: "stl-1" });
      const due = (at: Date) => store().due(at, 10_000);
      await store().advance(id, owing(id, resolve({ outcome: "failed", reason: "not seen" }, operator), operator));
      expect(await due(operator.at)).toContain(id);
      expect(await due(new Date(operator.at.getTime() - 1))).not.toContain(id);
      expect(await listed(tenant)).toEqual([]);
      await store().advance(id, gaveBack("failed", operator));
      expect(await due(operator.at)).not.toContain(id);
      expect(await store().get(id, "consistent")).toMatchObject({
        status: "failed",
        resolution: { reason: "not seen" },
      });
    });
  });
}
