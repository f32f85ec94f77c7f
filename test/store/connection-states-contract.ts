/** The facts that every store of connections' states must keep, whatever it is made of. */
import { describe, expect, test } from "vitest";
import type { ConnectionState, ConnectionStateStore } from "../../lib/store/connection-states.ts";
import { fc } from "../property.ts";

let lastId = 0;
const newId = () => `connection-${process.pid}-${lastId++}`;
const start = Date.parse("2026-11-20T09:30:00.000Z");
const at = (seconds: number) => new Date(start + seconds * 1_000);
const iso = (seconds: number) => at(seconds).toISOString();

/** A run of failures as the store has it; one is expected to be there. */
async function runOf(store: ConnectionStateStore, id: string): Promise<ConnectionState> {
  const run = await store.get(id);
  if (!run) throw new Error(`${id} has no run of failures`);
  return run;
}

export function slotContract(store: () => ConnectionStateStore): void {
  const take = (id: string, now: number, { intervalMs = 100, patienceMs = 2_000 } = {}) =>
    store().takeSlot(id, { now: start + now, intervalMs, latest: start + now + patienceMs });
  const taken = (ms: number) => ({ taken: true, at: start + ms });

  describe("a slot", () => {
    test("is now for the first caller, and an interval later for each that comes at once", async () => {
      const id = newId();
      expect(await take(id, 0)).toEqual(taken(0));
      expect(await take(id, 0)).toEqual(taken(100));
      expect(await take(id, 40)).toEqual(taken(200));
    });

    test("is now again when the queue is over, to the millisecond; time that nobody used is not saved up", async () => {
      const id = newId();
      await take(id, 0);
      expect(await take(id, 100)).toEqual(taken(100));
      expect(await take(id, 5_000)).toEqual(taken(5_000));
      expect(await take(id, 5_000)).toEqual(taken(5_100));
    });

    test("that is later than the caller would wait is not taken, and told", async () => {
      const id = newId();
      const slow = { intervalMs: 1_000, patienceMs: 1_999 };
      expect(await take(id, 0, slow)).toEqual(taken(0));
      expect(await take(id, 0, slow)).toEqual(taken(1_000));
      for (const _ of [1, 2]) expect(await take(id, 0, slow)).toEqual({ taken: false, at: start + 2_000 });
      expect(await take(id, 1, slow)).toEqual(taken(2_000));
    });

    test("of one connection is not another's", async () => {
      await take(newId(), 0);
      expect(await take(newId(), 0)).toEqual(taken(0));
    });

    test("is one caller's: many at once, whose clocks differ, get slots an interval apart and none too late", async () => {
      const callers = fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 2, maxLength: 25 });
      await fc.assert(
        fc.asyncProperty(callers, fc.integer({ min: 1, max: 400 }), async (clocks, intervalMs) => {
          const id = newId();
          const slots = await Promise.all(clocks.map((now) => take(id, now, { intervalMs })));
          const times = slots.flatMap((slot) => (slot.taken ? [slot.at - start] : [])).sort((a, b) => a - b);
          for (const [place, time] of times.entries()) {
            if (place > 0) expect(time - (times[place - 1] ?? 0)).toBeGreaterThanOrEqual(intervalMs);
          }
          for (const [place, slot] of slots.entries()) {
            const now = clocks[place] ?? 0;
            if (slot.taken) expect(slot.at - start).toBeGreaterThanOrEqual(now);
            // Nobody is sent away while a slot is free in time, and nobody waits longer than agreed.
            expect(slot.at - start <= now + 2_000).toBe(slot.taken);
          }
          expect(times.length).toBeGreaterThan(0);
        }),
        { numRuns: 40 },
      );
    });

    test("is taken by 20 of 50 at once where 20 fit", async () => {
      const id = newId();
      const slots = await Promise.all(
        Array.from({ length: 50 }, () => take(id, 0, { intervalMs: 100, patienceMs: 1_999 })),
      );
      const times = slots.flatMap((slot) => (slot.taken ? [slot.at - start] : []));
      expect(times.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n * 100));
    });
  });
}

export function breakerContract(store: () => ConnectionStateStore): void {
  const failed = async (id: string, times: number) => {
    for (let n = 0; n < times; n++) await store().fail(id, at(n));
    return runOf(store(), id);
  };

  describe("a run of failures", () => {
    test("is none where nothing failed, also where slots were taken", async () => {
      const id = newId();
      expect(await store().get(id)).toBeUndefined();
      await store().takeSlot(id, { now: start, intervalMs: 100, latest: start });
      expect(await store().get(id)).toBeUndefined();
    });

    test("counts who failed, and remembers when the first did", async () => {
      const id = newId();
      expect(await store().fail(id, at(1))).toEqual({ failures: 1, failingSince: iso(1), openings: 0 });
      const two = { failures: 2, failingSince: iso(1), openings: 0 };
      expect(await store().fail(id, at(9))).toEqual(two);
      expect(await store().get(id)).toEqual(two);
    });

    test("counts each of 30 at once", async () => {
      const id = newId();
      const counts = await Promise.all(Array.from({ length: 30 }, () => store().fail(id, at(0))));
      expect(counts.map(({ failures }) => failures).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 30 }, (_, n) => n + 1),
      );
    });

    test("is forgotten whole at the first success, and the slots are not", async () => {
      const id = newId();
      await store().takeSlot(id, { now: start, intervalMs: 100, latest: start });
      await store().open(id, await failed(id, 3), at(10));
      await store().recover(id);
      expect(await store().get(id)).toBeUndefined();
      expect(await store().fail(id, at(7))).toEqual({ failures: 1, failingSince: iso(7), openings: 0 });
      expect(await store().takeSlot(id, { now: start, intervalMs: 100, latest: start + 500 })).toEqual({
        taken: true,
        at: start + 100,
      });
    });

    test("may be forgotten where there is none", async () => {
      const id = newId();
      await store().recover(id);
      expect(await store().get(id)).toBeUndefined();
    });
  });

  describe("a breaker", () => {
    test("opens until a time, and counts how often it did", async () => {
      const id = newId();
      const run = await failed(id, 2);
      await store().open(id, run, at(10));
      expect(await store().get(id)).toEqual({ ...run, openUntil: iso(10), openings: 1 });
      expect(await store().fail(id, at(3))).toEqual({ ...run, failures: 3, openUntil: iso(10), openings: 1 });
      await store().open(id, await runOf(store(), id), at(30));
      expect(await store().get(id)).toEqual({ ...run, failures: 3, openUntil: iso(30), openings: 2 });
    });

    test("that 20 open at once is opened once, each time", async () => {
      const id = newId();
      await failed(id, 2);
      for (const openings of [1, 2]) {
        const run = await runOf(store(), id);
        await Promise.all(Array.from({ length: 20 }, (_, n) => store().open(id, run, at(10 + n))));
        expect((await runOf(store(), id)).openings).toBe(openings);
      }
    });

    test("is not opened by a run that is over", async () => {
      const id = newId();
      const run = await failed(id, 2);
      await store().recover(id);
      await store().open(id, run, at(10));
      expect(await store().get(id)).toBeUndefined();
      await store().fail(id, at(5));
      await store().open(id, run, at(10));
      expect(await store().get(id)).toEqual({ failures: 1, failingSince: iso(5), openings: 0 });
    });

    test("lets one of 20 try, and is open for everybody else until that one's time is over", async () => {
      const id = newId();
      await store().open(id, await failed(id, 2), at(10));
      const seen = await runOf(store(), id);
      const tries = await Promise.all(Array.from({ length: 20 }, () => store().probe(id, seen, at(40))));
      expect(tries.filter(Boolean)).toHaveLength(1);
      const trying = await runOf(store(), id);
      expect(trying).toEqual({ ...seen, openUntil: iso(40) });
      expect(await store().probe(id, seen, at(41))).toBe(false);
      expect(await store().probe(id, trying, at(70))).toBe(true);
    });

    test("lets nobody try who saw it before it closed, or while it was closed", async () => {
      const id = newId();
      const closed = await failed(id, 2);
      expect(await store().probe(id, closed, at(40))).toBe(false);
      await store().open(id, closed, at(10));
      const seen = await runOf(store(), id);
      await store().recover(id);
      expect(await store().probe(id, seen, at(40))).toBe(false);
      expect(await store().get(id)).toBeUndefined();
    });
  });
}
