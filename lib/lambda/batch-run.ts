/** Works on one batch: loads its rows, carries out retries and a cancel, and looks at what became of the rows. */
import { type Batch, type ChunkPlace, chunkPlaces, chunksOf } from "../domain/batch.ts";
import { type Headway, hasWork, leased, released, withHeadway } from "../domain/batch-changes.ts";
import type { BatchStore } from "../store/batches.ts";
import { changeBatch } from "./batch-change.ts";
import { loadChunk } from "./batch-load.ts";
import { lookAround } from "./batch-look-around.ts";
import { type RetryDependencies, retryChunk } from "./batch-retry.ts";
import { type SweepDependencies, sweepChunk } from "./batch-sweep.ts";
import { type WakeDependencies, wakeBatch } from "./batch-wake.ts";

export interface RunDependencies extends WakeDependencies {
  readonly batches: BatchStore & RetryDependencies["batches"] & SweepDependencies["batches"];
  readonly transactions: RetryDependencies["transactions"] & SweepDependencies["transactions"];
  readonly connections: RetryDependencies["connections"];
  readonly originals: SweepDependencies["originals"];
  readonly names: SweepDependencies["names"];
  readonly now: () => Date;
}

/** Nothing more is begun where less than this is left of a run's time: a chunk takes a second or two. */
const reserveMs = 6_000;

/** The longest that a Lambda may run, so the longest that somebody may work on a batch. */
const runMsMax = 900_000;

/** Chunks between two notes of how far one is. Whoever comes after a crash goes through at most so many once more. */
const chunksPerNote = 10;

/** A batch takes long to load; meanwhile its first rows end, and somebody watches. */
const lookEveryMs = 10_000;

/**
 * One at a time works on a batch, by a lease. That saves work only: every step may be repeated, or be taken by two at once.
 * What is not done when the time is up is gone on with at once, by the next run.
 */
export async function workOn(
  id: string,
  dependencies: RunDependencies,
  remainingMs: () => number = () => Number.POSITIVE_INFINITY,
): Promise<void> {
  const { batches, now } = dependencies;
  const until = new Date(now().getTime() + Math.min(remainingMs(), runMsMax));
  const lease = await changeBatch(id, leased(now(), until), batches);
  if (!lease?.changed) return;
  const hasTime = () => remainingMs() > reserveMs;
  let batch: Batch | undefined = lease.batch;
  let nextLookMs = now().getTime() + lookEveryMs;
  while (batch && hasWork(batch) && hasTime()) {
    batch = await goOn(batch, hasTime, dependencies);
    if (now().getTime() < nextLookMs || !batch) continue;
    await lookAround(batch, hasTime, dependencies);
    nextLookMs = now().getTime() + lookEveryMs;
  }
  if (!batch) return;
  const lookAt = hasWork(batch) ? now() : await lookAround(batch, hasTime, dependencies);
  const end = await changeBatch(id, released(until, lookAt, now()), batches);
  if (end && hasWork(end.batch)) await wakeBatch(id, dependencies);
}

/** Goes through the next few chunks, and notes it. The batch as it stands then: others may have changed it. */
async function goOn(batch: Batch, hasTime: () => boolean, dependencies: RunDependencies): Promise<Batch | undefined> {
  const headway = await headwayOf(batch, hasTime, dependencies);
  return (await changeBatch(batch.id, withHeadway(headway), dependencies.batches))?.batch;
}

async function headwayOf(batch: Batch, hasTime: () => boolean, dependencies: RunDependencies): Promise<Headway> {
  const chunks = chunksOf(batch);
  let { turns } = batch;
  const through = async (from: number, act: (batch: Batch, place: ChunkPlace) => Promise<Batch["turns"]>) => {
    let next = from;
    for (const place of chunkPlaces(batch, from, Math.min(from + chunksPerNote, chunks))) {
      if (!hasTime()) break;
      turns = await act({ ...batch, turns }, place);
      next += 1;
    }
    return next;
  };
  if (batch.status === "canceling") {
    const swept = await through(batch.swept, async (canceled, place) => {
      await sweepChunk(canceled, place, dependencies);
      return canceled.turns;
    });
    return { swept, turns };
  }
  if (batch.loaded < chunks) {
    const loaded = await through(batch.loaded, (one, place) => loadChunk(one, place, dependencies));
    return { loaded, turns };
  }
  const { retried } = batch;
  const done = await through(batch.retriedChunks, (one, place) => retryChunk(one, place, retried + 1, dependencies));
  return done === chunks ? { retried: retried + 1, retriedChunks: 0, turns } : { retried, retriedChunks: done, turns };
}
