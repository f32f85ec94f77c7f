/** The facts that every store of originals and turns must keep, whatever it is made of. */
import { describe, expect, test } from "vitest";
import { amountOf, type MinorUnits } from "../../lib/domain/money.ts";
import type { Figure, NameStore, OriginalStore } from "../../lib/store/originals.ts";

let lastId = 0;
const newId = () => `original#test#${process.pid}-${lastId++}`;
const hundred: Figure = { value: 10_000 as MinorUnits, currency: "USD", source: "provider" };
const usd = (value: number) => amountOf(value, "USD");

export function originalsContract(store: () => OriginalStore): void {
  describe("an original", () => {
    test("is unknown until it is learned, and learned once", async () => {
      const id = newId();
      expect(await store().remaining(id)).toBeUndefined();
      expect(await store().hold(id, "txn_a", usd(1))).toEqual({ kind: "not-learned" });
      expect(await store().learn(id, hundred)).toEqual({ ...hundred, isTouched: false });
      const caller: Figure = { value: 77 as MinorUnits, currency: "USD", source: "caller" };
      expect(await store().learn(id, caller)).toEqual({ ...hundred, isTouched: false });
      expect(await store().remaining(id)).toEqual({ ...hundred, isTouched: false });
    });

    test("learned too late is answered with what others made of it meanwhile", async () => {
      const id = newId();
      await store().learn(id, hundred);
      await store().hold(id, "txn_a", usd(4_000));
      expect(await store().learn(id, hundred)).toEqual({ ...hundred, value: 6_000, isTouched: true });
    });

    test("is learned anew only while nothing of it is held", async () => {
      const id = newId();
      const fifty: Figure = { value: 5_000 as MinorUnits, currency: "EUR", source: "caller" };
      await store().learn(id, fifty);
      await store().relearn(id, hundred, hundred);
      expect(await store().remaining(id)).toEqual({ ...fifty, isTouched: false });
      await store().relearn(id, fifty, hundred);
      expect(await store().remaining(id)).toEqual({ ...hundred, isTouched: false });
      await store().hold(id, "txn_a", usd(1));
      await store().relearn(id, { ...hundred, value: 9_999 as MinorUnits }, fifty);
      expect(await store().remaining(id)).toEqual({ ...hundred, value: 9_999, isTouched: true });
      await store().release(id, "txn_a");
      expect(await store().remaining(id)).toEqual({ ...hundred, isTouched: false });
    });

    test("is not held by a transaction that ended before it could hold, also where nothing was learned then", async () => {
      for (const isLearned of [true, false]) {
        const id = newId();
        if (isLearned) await store().learn(id, hundred);
        expect(await store().release(id, "txn_a")).toBe(false);
        if (!isLearned) await store().learn(id, hundred);
        expect(await store().hold(id, "txn_a", usd(1))).toEqual({ kind: "given-back" });
        expect(await store().hold(id, "txn_b", usd(1))).toEqual({ kind: "held" });
      }
    });

    test("of 50 holds of 60 on 100 at once gives one", async () => {
      const id = newId();
      await store().learn(id, hundred);
      const results = await Promise.all(Array.from({ length: 50 }, (_, n) => store().hold(id, `txn_${n}`, usd(6_000))));
      expect(results.filter(({ kind }) => kind === "held")).toHaveLength(1);
      expect(results.filter(({ kind }) => kind === "exceeds")).toHaveLength(49);
      expect(await store().remaining(id)).toEqual({ ...hundred, value: 4_000, isTouched: true });
    });

    test("allows equal parts while they fit", async () => {
      const id = newId();
      await store().learn(id, hundred);
      for (const name of ["txn_a", "txn_b", "txn_c", "txn_d"]) {
        expect(await store().hold(id, name, usd(2_500))).toEqual({ kind: "held" });
      }
      expect(await store().hold(id, "txn_e", usd(1))).toEqual({ kind: "exceeds" });
    });

    test("is held once by one transaction, however often it asks", async () => {
      const id = newId();
      await store().learn(id, hundred);
      const results = await Promise.all(Array.from({ length: 20 }, () => store().hold(id, "txn_a", usd(1_000))));
      expect(results.every(({ kind }) => kind === "held")).toBe(true);
      expect(await store().remaining(id)).toEqual({ ...hundred, value: 9_000, isTouched: true });
    });

    test("gets a part back once, however often it is given", async () => {
      const id = newId();
      await store().learn(id, hundred);
      await store().hold(id, "txn_a", usd(4_000));
      const released = await Promise.all(Array.from({ length: 20 }, () => store().release(id, "txn_a")));
      expect(released.filter(Boolean)).toHaveLength(1);
      expect(await store().remaining(id)).toEqual({ ...hundred, isTouched: false });
    });

    test("is not held again by a transaction that gave its part back", async () => {
      const id = newId();
      await store().learn(id, hundred);
      await store().hold(id, "txn_a", usd(4_000));
      await store().release(id, "txn_a");
      expect(await store().hold(id, "txn_a", usd(4_000))).toEqual({ kind: "given-back" });
    });

    test("gets nothing back from a transaction that holds nothing", async () => {
      const id = newId();
      expect(await store().release(id, "txn_a")).toBe(false);
      await store().learn(id, hundred);
      expect(await store().release(id, "txn_a")).toBe(false);
      expect(await store().remaining(id)).toEqual({ ...hundred, isTouched: false });
    });

    test("is not held in another currency", async () => {
      const id = newId();
      await store().learn(id, hundred);
      expect(await store().hold(id, "txn_a", amountOf(1, "EUR"))).toEqual({ kind: "other-currency" });
    });
  });
}

export function namesContract(store: () => NameStore): void {
  describe("a name", () => {
    test("is one transaction's of 50 that want it, and stays its own", async () => {
      const id = `turn#${newId()}`;
      const names = Array.from({ length: 50 }, (_, n) => `txn_${n}`);
      const taken = await Promise.all(names.map((name) => store().take(id, name)));
      expect(taken.filter(({ taken }) => taken)).toHaveLength(1);
      const holder = names[taken.findIndex(({ taken }) => taken)] ?? "";
      expect(await store().take(id, holder)).toEqual({ taken: true });
      expect(await store().take(id, "txn_late")).toEqual({ taken: false, holder });
    });

    test("is passed on only by who has it", async () => {
      const id = `turn#${newId()}`;
      expect(await store().holder(id)).toBeUndefined();
      await store().take(id, "txn_a");
      expect(await store().holder(id)).toBe("txn_a");
      await store().pass(id, "txn_b");
      expect(await store().take(id, "txn_b")).toEqual({ taken: false, holder: "txn_a" });
      await store().pass(id, "txn_a");
      await store().pass(id, "txn_a");
      expect(await store().take(id, "txn_b")).toEqual({ taken: true });
    });
  });
}
