/** What a batch weighs as its rows grow: the bytes of its items, what one look at it reads, and the memory of the run that loads it. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { marshall } from "@aws-sdk/util-dynamodb";
import { run as addItems } from "../../functions/add-batch-items.ts";
import { run as getBatch } from "../../functions/get-batch.ts";
import { run as runBatches } from "../../functions/run-batches.ts";
import { run as startBatch } from "../../functions/start-batch.ts";
import type { Batch } from "../../lib/domain/batch.ts";
import type { Chunk } from "../../lib/domain/batch-chunk.ts";
import type { ChunkState } from "../../lib/domain/chunk-state.ts";
import type { ShownBatch } from "../../lib/lambda/shown-batch.ts";
import { type BatchStage, batchStage, rowOf } from "../functions/batch-stage.ts";
import { rounded } from "./statistics.ts";

export interface BatchSizes {
  readonly recordBytes: number;
  readonly chunkBytesMax: number;
  readonly stateBytesMax: number;
  /** What one GET reads. */
  readonly statesRead: number;
  readonly statesAtOnceMax: number;
  readonly transactionsRead: number;
  /** What the GET shows. */
  readonly shown: ShownBatch;
}

type Dependencies = BatchStage["dependencies"];

/** Rows that one call brings, as the command line sends them. */
const callRows = 5_000;

/** Rows as merchants send them: with a description and some metadata. */
function rowsFrom(first: number, count: number) {
  return Array.from({ length: count }, (_, n) =>
    rowOf(`2026-10-commission-${first + n}`, {
      description: "Commission of October, taken back",
      metadata: { order: `A-2026-${first + n}`, reason: "returned" },
    }),
  );
}

/** As UTF-8 of DynamoDB's own JSON: more than DynamoDB counts. */
export function bytesOf(item: Batch | Chunk | ChunkState): number {
  return Buffer.byteLength(JSON.stringify(marshall(item, { removeUndefinedValues: true })));
}

/** As the bench tells it. */
export interface BatchWeight extends Omit<BatchSizes, "shown"> {
  readonly rows: number;
  readonly loadingHeapMb: number;
}

export async function measureBatch(rows: number): Promise<BatchWeight> {
  const { shown: _shown, ...sizes } = await measureSizes(rows);
  return { rows, ...sizes, loadingHeapMb: rounded((await measureLoadingHeap(rows)) / 1e6) };
}

/** Takes and loads a batch in memory, and looks at it when every row's turn has come. */
export async function measureSizes(rows: number): Promise<BatchSizes> {
  const stage = batchStage();
  const { batches, transactions } = stage.dependencies;
  const sizes = { chunkBytesMax: 0, stateBytesMax: 0, statesRead: 0, statesAtOnceMax: 0, transactionsRead: 0 };
  const weighing = {
    ...stage.dependencies,
    batches: {
      ...batches,
      createChunk: (chunk: Chunk) => {
        sizes.chunkBytesMax = Math.max(sizes.chunkBytesMax, bytesOf(chunk));
        return batches.createChunk(chunk);
      },
      replaceState: (state: ChunkState) => {
        sizes.stateBytesMax = Math.max(sizes.stateBytesMax, bytesOf(state));
        return batches.replaceState(state);
      },
    },
  };
  const id = await upload(stage, rows, weighing);
  await runBatches({ detail: { batch: id } }, weighing);
  stage.clock.advance(3_600_000);

  const counting = {
    ...stage.dependencies,
    batches: {
      ...batches,
      states: (ids: readonly string[], consistency: "consistent" | "eventual") => {
        sizes.statesRead += ids.length;
        sizes.statesAtOnceMax = Math.max(sizes.statesAtOnceMax, ids.length);
        return batches.states(ids, consistency);
      },
    },
    transactions: {
      ...transactions,
      many: (ids: readonly string[], consistency: "consistent" | "eventual") => {
        sizes.transactionsRead += ids.length;
        return transactions.many(ids, consistency);
      },
    },
  };
  const { body } = await getBatch({ id }, counting, stage.callWith(""));
  return { ...sizes, recordBytes: bytesOf(await stage.stored(id)), shown: body as ShownBatch };
}

async function upload(stage: BatchStage, rows: number, dependencies: Dependencies): Promise<string> {
  const { id } = await stage.post([]);
  for (let first = 0; first < rows; first += callRows) {
    const items = rowsFrom(first, Math.min(callRows, rows - first));
    await addItems({ id, items }, dependencies, stage.callWith(`from ${first}`));
  }
  await startBatch({ id }, stage.dependencies, stage.callWith("go"));
  return id;
}

/**
 * How far the heap grows while a run loads a batch, in bytes, garbage left aside. The stores forget what they are given, so
 * that what is weighed is the run alone.
 */
async function measureLoadingHeap(rows: number): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const stage = batchStage();
  const { batches, transactions } = stage.dependencies;
  let [sample] = await sampleChunks(stage);
  let growth = 0;
  let before: number | undefined;
  const forgetful: Dependencies = {
    ...stage.dependencies,
    transactions: {
      ...transactions,
      create: async (transaction) => ({ created: true, transaction }),
    },
    batches: {
      ...batches,
      chunk: async (id) => sample && { ...structuredClone(sample), id },
      states: async () => new Map(),
      replaceState: async (state) => state,
      replace: async (next) => {
        collect();
        const { heapUsed } = process.memoryUsage();
        before ??= heapUsed;
        growth = Math.max(growth, heapUsed - before);
        return batches.replace(next);
      },
    },
  };
  const { id } = await stage.post([], {}, "measured");
  const stored = await stage.stored(id);
  const now = stage.clock.now().toISOString();
  const part = { id: "part", print: "print", rows, chunks: rows / 100, amounts: {} };
  await batches.replace({ ...stored, parts: [part], status: "running", startedAt: now, dueAt: now });
  await runBatches({ detail: { batch: id } }, forgetful);
  if ((await stage.stored(id)).loaded !== rows / 100) throw new Error("the batch was not loaded");
  sample = undefined;
  return growth;
}

/** A chunk as a call stores it. */
async function sampleChunks(stage: BatchStage): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  const { batches } = stage.dependencies;
  const createChunk = async (chunk: Chunk): Promise<void> => {
    chunks.push(chunk);
    await batches.createChunk(chunk);
  };
  const { id } = await stage.post([], { start: false }, "sample");
  const dependencies = { ...stage.dependencies, batches: { ...batches, createChunk } };
  await addItems({ id, items: rowsFrom(0, 100) }, dependencies, stage.callWith("sample"));
  return chunks;
}
