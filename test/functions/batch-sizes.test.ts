/** What a batch weighs as its rows grow: every item stays flat, and so does what one look at it reads. Counts only. */
import { beforeAll, describe, expect, test } from "vitest";
import { run as addItems } from "../../functions/add-batch-items.ts";
import { run as startBatch } from "../../functions/start-batch.ts";
import type { Chunk } from "../../lib/domain/batch-chunk.ts";
import { type BatchSizes, bytesOf, measureSizes } from "../bench/batch-sizes.ts";
import { captureLog } from "../lambda/api-event.ts";
import { batchStage, rowOf } from "./batch-stage.ts";

captureLog();

/** `npm run bench -- batchWeights` has 100,000 rows, too. */
describe("a batch of 1,000, 10,000 and 30,000 rows", () => {
  const sizes = new Map<number, BatchSizes>();
  beforeAll(async () => {
    for (const rows of [1_000, 10_000, 30_000]) sizes.set(rows, await measureSizes(rows));
  }, 240_000);

  test("keeps its record below 4 kB, each hundred rows below 60 kB, and what is seen of them below 1 kB", () => {
    for (const { recordBytes, chunkBytesMax, stateBytesMax } of sizes.values()) {
      expect(recordBytes).toBeLessThan(4_096);
      expect(chunkBytesMax).toBeLessThan(60_000);
      expect(stateBytesMax).toBeLessThan(1_024);
      // A measure that sees nothing would pass, too.
      expect(Math.min(recordBytes, chunkBytesMax, stateBytesMax)).toBeGreaterThan(200);
    }
  });

  test("is told with one small item a hundred rows, a hundred items at a time, and 500 transactions at most", () => {
    const read = [...sizes].map(([rows, { statesRead, statesAtOnceMax, transactionsRead, shown }]) => {
      expect(shown).toMatchObject({ rows, counts: { pending: rows } });
      return { statesRead, statesAtOnceMax, transactionsRead };
    });
    expect(read).toEqual([
      { statesRead: 10, statesAtOnceMax: 10, transactionsRead: 500 },
      { statesRead: 100, statesAtOnceMax: 100, transactionsRead: 500 },
      { statesRead: 300, statesAtOnceMax: 100, transactionsRead: 500 },
    ]);
  });
});

test("rows with as much in them as they may have make smaller chunks", async () => {
  const long = "x".repeat(200);
  const metadata = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`key-${n}`, long]));
  const stage = batchStage();
  let largest = 0;
  const { batches } = stage.dependencies;
  const createChunk = (chunk: Chunk): Promise<void> => {
    largest = Math.max(largest, bytesOf(chunk));
    return batches.createChunk(chunk);
  };
  const { id } = await stage.post([]);
  const items = Array.from({ length: 400 }, (_, n) => rowOf(`row-${n}`, { metadata }));
  const dependencies = { ...stage.dependencies, batches: { ...batches, createChunk } };
  await addItems({ id, items }, dependencies, stage.callWith("more"));
  expect((await stage.stored(id)).parts).toMatchObject([{ rows: 400, chunks: 12 }]);
  // DynamoDB takes 400 kB.
  expect(largest).toBeLessThan(200_000);
  await startBatch({ id }, stage.dependencies, stage.callWith("go"));
  await stage.settle();
  expect((await stage.items(id)).map(({ row }) => row)).toEqual(Array.from({ length: 400 }, (_, n) => n + 1));
});
