/** Facts about creating and reading a transaction. */
import { describe, expect, test } from "vitest";
import { claimAttempt } from "../../lib/domain/transitions.ts";
import type { TransactionStore } from "../../lib/store/port.ts";
import { flowAt, newTenant, sample } from "./sample.ts";

export function createContract(store: () => TransactionStore): void {
  describe("create", () => {
    test("creates one transaction for 200 callers at once with one id, and all of them get that one", async () => {
      const tenant = newTenant();
      const wishes = Array.from({ length: 200 }, (_, n) => sample(tenant, 0, { description: `caller ${n}` }));
      const answers = await Promise.all(wishes.map((wish) => store().create(wish)));

      const winners = answers.flatMap(({ created }, n) => (created ? [n] : []));
      expect(winners).toHaveLength(1);
      const winner = wishes[winners[0] ?? -1];
      for (const { transaction } of answers) expect(transaction).toEqual(winner);
      expect(await store().get(wishes[0]?.id ?? "", "consistent")).toEqual(winner);
    });

    test("gives the stored one back, unchanged, to whoever creates it again later", async () => {
      const first = sample(newTenant(), 0, {
        metadata: { order: "17", note: "" },
        recipient: { id: "b-1", email: "a@b.c" },
      });
      expect(await store().create(first)).toEqual({ created: true, transaction: first });
      const again = { ...first, status: "succeeded" as const, description: "another" };
      expect(await store().create(again)).toEqual({ created: false, transaction: first });
      expect(await store().get(first.id, "consistent")).toEqual(first);
    });
  });

  describe("reserve", () => {
    test("takes an id for one request, for ever: no transaction can be made, read or changed under it", async () => {
      const wish = sample(newTenant());
      expect(await store().reserve(wish.id, "print of the first")).toBe(true);
      expect(await store().create(wish)).toEqual({ created: false, transaction: undefined });
      expect(await store().get(wish.id, "consistent")).toBeUndefined();
      expect(await store().advance(wish.id, claimAttempt(flowAt(1)))).toEqual({
        advanced: false,
        transaction: undefined,
      });
      expect(await store().reserve(wish.id, "print of the first")).toBe(true);
      expect(await store().reserve(wish.id, "another")).toBe(false);
      expect(await store().create(wish)).toEqual({ created: false, transaction: undefined });
    });

    test("is refused where there is a transaction, and changes nothing about it", async () => {
      const wish = sample(newTenant());
      await store().create(wish);
      expect(await store().reserve(wish.id, wish.fingerprint)).toBe(false);
      expect(await store().get(wish.id, "consistent")).toEqual(wish);
    });

    test("of one id and a transaction under it, at once: one of them, whichever is first", async () => {
      const tenant = newTenant();
      const ends = await Promise.all(
        Array.from({ length: 40 }, async (_, n) => {
          const wish = sample(tenant, n);
          const reserve = () => store().reserve(wish.id, "other");
          const create = async () => (await store().create(wish)).created;
          return Promise.all(n % 2 === 0 ? [reserve(), create()] : [create(), reserve()]);
        }),
      );
      expect(ends.filter(([one, other]) => one === other)).toEqual([]);
    });
  });

  describe("get", () => {
    test("gives back what was created, member for member, and none that was absent", async () => {
      const tenant = newTenant();
      const full = sample(tenant, 1, {
        status: "failed",
        recipient: { id: "b-1", ref: "payee", email: "payee@example.com" },
        description: "Überzahlung 返金 💸",
        metadata: { order: "17" },
        batch: "batch-1",
        attempts: 2,
        attempt: "not-sent",
        providerTransactionId: "9007199254740993",
        failure: { code: "provider_declined", message: "Declined", providerCode: "-1" },
        log: [{ at: "2026-11-20T09:30:00.000Z", status: "failed", by: "flow", detail: "d", count: 3, lastAt: "x" }],
      });
      const bare = sample(tenant, 2);
      await store().create(full);
      await store().create(bare);
      for (const consistency of ["consistent", "eventual"] as const) {
        expect(await store().get(full.id, consistency)).toStrictEqual(full);
        expect(await store().get(bare.id, consistency)).toStrictEqual(bare);
      }
    });

    test("gives nothing for an id that was never created", async () => {
      expect(await store().get("txn_never", "consistent")).toBeUndefined();
    });

    test("gives a copy: whoever changes it changes nothing stored", async () => {
      const stored = sample(newTenant());
      await store().create(stored);
      const read = await store().get(stored.id, "consistent");
      if (read) read.log.length = 0;
      expect(await store().get(stored.id, "consistent")).toEqual(sample(stored.tenant));
    });
  });
}
