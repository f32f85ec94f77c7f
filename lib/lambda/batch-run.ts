/** Works on one batch: loads its rows, carries out retries and a cancel, and looks at what became of the rows. */
import { type Batch, type ChunkPlace, chunkPlaces, chunksOf } from "../domain/batch.ts";
import {
  type Change,
  givenUp,
  type Headway,
  hasWork,
  isHeldBy,
  type Lease,
  leased,
  released,
  renewed,
  withHeadway,
} from "../domain/batch-changes.ts";
import type { BatchStore } from "../store/batches.ts";
import { changeBatch } from "./batch-change.ts";
import { type EndDependencies, tellEnds } from "./batch-end.ts";
import { loadChunk } from "./batch-load.ts";
import { lookAround } from "./batch-look-around.ts";
import { type RetryDependencies, retryChunk } from "./batch-retry.ts";
import { type SweepDependencies, sweepChunk } from "./batch-sweep.ts";
import { type WakeDependencies, wakeBatch } from "./batch-wake.ts";
import { errorFields, log } from "./log.ts";

export interface RunDependencies extends WakeDependencies, Pick<EndDependencies, "endpoints" | "deliveries"> {
  readonly batches: BatchStore & RetryDependencies["batches"] & SweepDependencies["batches"];
  readonly transactions: RetryDependencies["transactions"] & SweepDependencies["transactions"];
  readonly connections: RetryDependencies["connections"];
  readonly originals: SweepDependencies["originals"];
  readonly names: SweepDependencies["names"];
  readonly now: () => Date;
  /** A name for a run, drawn. */
  readonly newId: () => string;
}

/** Nothing more is begun where less than this is left of a run's time: a chunk takes a second or two. */
const reserveMs = 6_000;

/**
 * Longer than the time between two notes of how far one is, each of which renews it. Whoever dies keeps a batch waiting for so
 * long and no longer.
 */
const leaseMs = 60_000;

/** A look through a large batch takes long: the lease is renewed on the way. */
const renewEveryMs = 20_000;

/** After an error, which most often passes by itself. */
const againAfterMs = 5_000;

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
  const { batches, now, newId } = dependencies;
  const by = newId();
  const taken = await changeBatch(id, leased(now(), leaseOf(by, dependencies)), batches);
  // It may be ours and not changed: the answer that said so was lost, and the second try found it taken.
  if (!taken || !isHeldBy(taken.batch, by)) return;
  try {
    await work(taken.batch, by, () => remainingMs() > reserveMs, dependencies);
  } catch (error) {
    await giveUp(id, by, dependencies);
    throw error;
  }
}

async function work(first: Batch, by: string, hasTime: () => boolean, dependencies: RunDependencies): Promise<void> {
  const { batches, now } = dependencies;
  const { id } = first;
  // Whoever brought it to that end may have died before telling.
  await tellEnds(first, dependencies);
  let batch: Batch | undefined = first;
  let renewMs = now().getTime() + renewEveryMs;
  const goesOn = async (): Promise<boolean> => {
    if (!hasTime()) return false;
    if (now().getTime() < renewMs) return true;
    renewMs = now().getTime() + renewEveryMs;
    const after = await changeBatch(id, (one) => renewed(one, leaseOf(by, dependencies)), batches);
    return after !== undefined && isHeldBy(after.batch, by);
  };
  let nextLookMs = now().getTime() + lookEveryMs;
  while (batch && hasWork(batch) && hasTime()) {
    batch = await goOn(batch, by, hasTime, dependencies);
    // Whoever was so slow that another one has taken over leaves the work to him.
    if (!batch || !isHeldBy(batch, by)) return;
    if (now().getTime() < nextLookMs) continue;
    await lookAround(batch, goesOn, dependencies);
    nextLookMs = now().getTime() + lookEveryMs;
  }
  if (!batch) return;
  const sight = hasWork(batch) ? { lookAt: now().toISOString() } : await lookAround(batch, goesOn, dependencies);
  const end = await changeBatch(id, released(by, sight, now()), batches);
  if (!end) return;
  if (end.changed) await tellEnds(end.batch, dependencies);
  if (hasWork(end.batch)) await wakeBatch(id, dependencies);
}

function leaseOf(by: string, { now }: Pick<RunDependencies, "now">): Lease {
  return { until: new Date(now().getTime() + leaseMs), by };
}

/** Where even this cannot be written, the lease ends soon. */
async function giveUp(id: string, by: string, { batches, now }: RunDependencies): Promise<void> {
  const at = new Date(now().getTime() + againAfterMs);
  await changeBatch(id, givenUp(by, at), batches).catch((error: unknown) => {
    log("warn", "batch not given back", { batch: id, ...errorFields(error) });
  });
}

/** Goes through the next few chunks, and notes it. The batch as it stands then: others may have changed it. */
async function goOn(
  batch: Batch,
  by: string,
  hasTime: () => boolean,
  dependencies: RunDependencies,
): Promise<Batch | undefined> {
  const headway = await headwayOf(batch, hasTime, dependencies);
  const noted: Change = (current) => {
    const further = withHeadway(headway)(current);
    return further && renewed(further, leaseOf(by, dependencies));
  };
  return (await changeBatch(batch.id, noted, dependencies.batches))?.batch;
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
