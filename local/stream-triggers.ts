/** Starts a reader for each stream trigger of the table, from where the last run on the same data stopped. */
import { join } from "node:path";
import { streams } from "../functions/triggers.ts";
import type { Queue } from "./queue.ts";
import { streamsDeadLetterQueue } from "./queues.ts";
import { type StreamReader, startStream } from "./stream.ts";
import { fileCheckpoint, memoryCheckpoint } from "./stream-checkpoint.ts";
import { streamFailureRecord } from "./stream-failure.ts";

export interface StreamTriggersOptions {
  readonly endpoint: string;
  /** Whether the DynamoDB ran before us: then its streams may hold records of somebody else's day. */
  readonly isExternal: boolean;
  readonly dataDir: string | undefined;
  readonly invoke: (functionName: string, event: unknown) => Promise<unknown>;
  readonly queues: ReadonlyMap<string, Queue>;
  readonly onLog: (line: string) => void;
  /** Stops each reader that was started. */
  readonly parts: AsyncDisposableStack;
}

export async function startStreamTriggers({
  endpoint,
  isExternal,
  dataDir,
  invoke,
  queues,
  onLog,
  parts,
}: StreamTriggersOptions): Promise<readonly StreamReader[]> {
  const readers: StreamReader[] = [];
  for (const { table, function: functionName, batchSize } of streams) {
    const reader = await startStream({
      endpoint,
      table,
      batchSize,
      deliver: (event) => invoke(functionName, event),
      putAside: (failure) => {
        const record = streamFailureRecord(functionName, failure, new Date());
        queues.get(streamsDeadLetterQueue)?.send(JSON.stringify(record));
      },
      from: isExternal ? "LATEST" : "TRIM_HORIZON",
      checkpoint:
        dataDir === undefined
          ? memoryCheckpoint()
          : fileCheckpoint(join(dataDir, `stream-${table}-${functionName}.json`)),
      onError: (error) => onLog(`stream of ${table} to ${functionName}: ${String(error)}`),
    });
    parts.defer(() => reader.stop());
    readers.push(reader);
  }
  return readers;
}
