/** The facts that every store of batches must keep, whatever it is made of. */
import { describe, expect, test } from "vitest";
import type { BatchStore, ChunkStore } from "../../lib/store/batches.ts";
import { sampleBatch, sampleChunk, sampleState } from "./batch-samples.ts";
import { newTenant } from "./sample.ts";

const at = (second: number) => `2026-11-20T10:00:0${second}.000Z`;

export function batchesContract(store: () => BatchStore): void {
  describe("a batch", () => {
    test("is stored once, of many calls at once, with every member", async () => {
      const full = sampleBatch(newTenant(), 1, {
        name: "October",
        status: "running",
        runAt: at(0),
        parts: [{ id: "part", print: "print", rows: 5_000, chunks: 50 }],
        amounts: { TRY: 5_000_000_000_000_000 },
        startedAt: at(1),
        endedAt: at(2),
        loaded: 3,
        swept: 2,
        turns: { sipay: at(3), constructor: at(3), toString: at(3) } as Record<string, string>,
        retries: [{ id: "retry", at: at(4) }],
        retried: 1,
        retriedChunks: 7,
        leaseUntil: at(5),
        dueAt: at(6),
      });
      const created = await Promise.all(Array.from({ length: 5 }, () => store().create(full)));
      expect(created.filter(Boolean)).toHaveLength(1);
      expect(await store().get(full.id)).toStrictEqual(full);
    });

    test("that is not there is undefined, and nothing replaces it", async () => {
      const batch = sampleBatch(newTenant());
      expect(await store().get(batch.id)).toBeUndefined();
      expect(await store().replace(batch)).toBeUndefined();
      expect(await store().get(batch.id)).toBeUndefined();
    });

    test("is changed from what was read, by one of many", async () => {
      const batch = sampleBatch(newTenant());
      await store().create(batch);
      const changes = await Promise.all(
        Array.from({ length: 8 }, (_, n) => store().replace({ ...batch, name: `change ${n}` })),
      );
      const stored = changes.filter((change) => change !== undefined);
      expect(stored).toHaveLength(1);
      expect(stored[0]?.revision).toBe(1);
      expect(await store().get(batch.id)).toStrictEqual(stored[0]);
    });

    test("is listed to its tenant, newest first, page by page, and to nobody else", async () => {
      const tenant = newTenant();
      for (const n of [2, 0, 1]) await store().create(sampleBatch(tenant, n));
      const first = await store().list({ tenant, limit: 2 });
      expect(first.items).toStrictEqual([sampleBatch(tenant, 2), sampleBatch(tenant, 1)]);
      const rest = await store().list({ tenant, limit: 2, before: first.next ?? "" });
      expect(rest).toStrictEqual({ items: [sampleBatch(tenant, 0)] });
      expect(await store().list({ tenant, limit: 3 })).not.toHaveProperty("next");
      expect(await store().list({ tenant: newTenant(), limit: 2 })).toStrictEqual({ items: [] });
    });

    test("is due from its time on until that is taken away, the longest overdue first", async () => {
      const tenant = newTenant();
      const [one, two, never] = [
        sampleBatch(tenant, 1, { dueAt: at(2) }),
        sampleBatch(tenant, 2, { dueAt: at(1) }),
        sampleBatch(tenant, 3),
      ];
      for (const batch of [one, two, never]) await store().create(batch);
      const due = async (second: number, limit = 1_000) =>
        (await store().due(new Date(at(second)), limit)).filter((id) => [one.id, two.id, never.id].includes(id));
      expect(await due(0)).toEqual([]);
      expect(await due(1)).toEqual([two.id]);
      expect(await due(2)).toEqual([two.id, one.id]);
      const { dueAt: _over, ...done } = two;
      await store().replace(done);
      expect(await due(2)).toEqual([one.id]);
    });
  });
}

export function chunksContract(store: () => ChunkStore): void {
  const newId = () => `bat_${newTenant()}#part#0001`;

  describe("a chunk", () => {
    test("is what it was when it was stored first, with every member", async () => {
      const id = newId();
      await store().createChunk(sampleChunk(id, 100));
      await store().createChunk(sampleChunk(id, 1));
      expect(await store().chunk(id)).toStrictEqual(sampleChunk(id, 100));
      expect(await store().chunk(newId())).toBeUndefined();
    });

    test("takes rows as large as they may be", async () => {
      const id = newId();
      const chunk = sampleChunk(id, 3);
      const large = { ...chunk, rows: chunk.rows.map((row) => ({ ...row, key: `"${"k".repeat(100_000)}` })) };
      await store().createChunk(large);
      expect(await store().chunk(id)).toStrictEqual(large);
    });
  });

  describe("what was seen of a chunk", () => {
    test("is not there before it was stored; then it is as it was, one revision on", async () => {
      const id = newId();
      expect(await store().states([id], "consistent")).toEqual(new Map());
      expect(await store().replaceState(sampleState(id))).toStrictEqual(sampleState(id, { revision: 1 }));
      expect(await store().states([id], "consistent")).toEqual(new Map([[id, sampleState(id, { revision: 1 })]]));
    });

    test("is kept also where connections are called as members of objects are", async () => {
      const id = newId();
      const turn: [string, number] = ["2026-11-20T09:30:00.000Z", 10];
      const turns: Record<string, typeof turn> = Object.fromEntries(
        ["constructor", "toString", "valueOf"].map((name) => [name, turn]),
      );
      await store().replaceState(sampleState(id, { turns }));
      const stored = (await store().states([id], "consistent")).get(id);
      expect(new Map(Object.entries(stored?.turns ?? {}))).toEqual(new Map(Object.entries(turns)));
    });

    test("is stored first by one of many, and changed from what was read by one of many", async () => {
      const id = newId();
      for (const revision of [0, 1]) {
        const writes = Array.from({ length: 8 }, (_, looks) =>
          store().replaceState(sampleState(id, { looks, revision })),
        );
        const stored = (await Promise.all(writes)).filter((state) => state !== undefined);
        expect(stored).toHaveLength(1);
        expect((await store().states([id], "consistent")).get(id)).toStrictEqual(stored[0]);
      }
    });

    test("is read of hundreds of chunks at once, those without left out", async () => {
      const tenant = newTenant();
      const ids = Array.from({ length: 250 }, (_, n) => `bat_${tenant}#part#${n}`);
      const written = ids.filter((_, n) => n % 2 === 0);
      await Promise.all(written.map((id) => store().replaceState(sampleState(id))));
      const states = await store().states([...ids, ...ids], "eventual");
      expect([...states.keys()].sort()).toEqual([...written].sort());
    });

    test("is no chunk, and a chunk is nothing that was seen", async () => {
      const id = newId();
      await store().replaceState(sampleState(id));
      expect(await store().chunk(id)).toBeUndefined();
      const other = newId();
      await store().createChunk(sampleChunk(other));
      expect(await store().states([other], "consistent")).toEqual(new Map());
    });
  });
}
