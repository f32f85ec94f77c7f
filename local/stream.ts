/** Hands a table's stream to a function, batch by batch and in order, as a Lambda event source mapping does. */
import { setTimeout } from "node:timers/promises";
import type { DynamoDBRecord } from "aws-lambda";
import { physicalName } from "./create-tables.ts";
import { memoryCheckpoint, type StreamCheckpoint } from "./stream-checkpoint.ts";
import { deliverInOrder } from "./stream-delivery.ts";
import type { StreamFailure } from "./stream-failure.ts";
import { openShard, type Shard, type StartingPosition, shardIdsOf, streamArnOf } from "./stream-shards.ts";

/** Between two looks at the stream: soon after records came, seldomer while there are none. */
const pollMs = 100;
const idlePollMsMax = 500;

/** How often new shards are looked for. */
const shardsEveryMs = 5_000;

export interface StreamOptions {
  readonly endpoint: string;
  /** The table's name in `lib/store/tables.ts`. */
  readonly table: string;
  readonly batchSize: number;
  /** Called with a `DynamoDBStreamEvent`. When it rejects, the batch comes again in halves, and what is behind it waits. */
  readonly deliver: (event: { Records: DynamoDBRecord[] }) => Promise<unknown>;
  /** Takes the one record that failed each time; what is behind it goes on. */
  readonly putAside?: (failure: StreamFailure) => void;
  /** Where a shard without a checkpoint begins: with its oldest record, or with what is written from now on. */
  readonly from?: StartingPosition;
  readonly checkpoint?: StreamCheckpoint;
  /** Waits before a failing record comes again, for tests. */
  readonly pauseBeforeRetry?: (ms: number) => Promise<unknown>;
  /** Told of each failure; reading goes on afterwards. */
  readonly onError?: (error: unknown) => void;
}

export interface StreamReader {
  /** Resolves when everything that was written before this call has been delivered. */
  idle(): Promise<void>;
  /** Stops reading, and waits for a delivery that is under way. */
  stop(): Promise<void>;
}

/** Throws where the table has no stream. */
export async function startStream({
  endpoint,
  table,
  batchSize,
  deliver,
  putAside = () => {},
  from = "TRIM_HORIZON",
  checkpoint = memoryCheckpoint(),
  pauseBeforeRetry,
  onError = () => {},
}: StreamOptions): Promise<StreamReader> {
  const streamArn = await streamArnOf(endpoint, physicalName(table));
  const stopping = new AbortController();
  const shards = new Map<string, Shard | "finished">();
  let waiters: (() => void)[] = [];
  let nudge = Promise.withResolvers<void>();
  let shardsSeenAt = 0;

  async function findShards(position: StartingPosition): Promise<void> {
    for (const shardId of await shardIdsOf(endpoint, streamArn)) {
      if (shards.has(shardId)) continue;
      shards.set(shardId, await openShard({ endpoint, streamArn, shardId, batchSize, checkpoint, from: position }));
    }
    shardsSeenAt = Date.now();
  }

  /** Reads every shard once; whether any record came. */
  async function readOnce(): Promise<boolean> {
    // A shard that appears later continues an earlier one, so nothing of it may be left out.
    if (Date.now() - shardsSeenAt > shardsEveryMs) await findShards("TRIM_HORIZON");
    let anyRecords = false;
    for (const [id, shard] of shards) {
      if (shard === "finished") continue;
      const batch = await shard.read();
      if (batch === undefined) shards.set(id, "finished");
      else if (batch.records.length === 0) batch.done();
      else if (await isDealtWith(id, batch.records)) {
        batch.done();
        anyRecords = true;
      }
    }
    return anyRecords;
  }

  /** False where the reader was stopped before. */
  function isDealtWith(shardId: string, records: DynamoDBRecord[]): Promise<boolean> {
    return deliverInOrder(records, {
      deliver,
      putAside: (failure) => putAside({ shardId, ...failure }),
      onError,
      stopping: stopping.signal,
      ...(pauseBeforeRetry && { pause: pauseBeforeRetry }),
    });
  }

  async function pause(ms: number): Promise<void> {
    await setTimeout(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  }

  async function run(): Promise<void> {
    let waitMs = pollMs;
    while (!stopping.signal.aborted) {
      const waitingNow = waiters.length;
      try {
        if (await readOnce()) {
          waitMs = pollMs;
          continue;
        }
        // Nothing was left, and these had asked before the look.
        for (const resolve of waiters.splice(0, waitingNow)) resolve();
        waitMs = Math.min(waitMs * 1.5, idlePollMsMax);
      } catch (error) {
        if (!stopping.signal.aborted) onError(error);
        waitMs = idlePollMsMax;
      }
      await Promise.race([pause(waitMs), nudge.promise]);
      nudge = Promise.withResolvers<void>();
    }
    for (const resolve of waiters) resolve();
    waiters = [];
  }

  await findShards(from);
  const running = run();

  return {
    async idle() {
      if (stopping.signal.aborted) return;
      await new Promise<void>((resolve) => {
        waiters.push(resolve);
        nudge.resolve();
      });
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
