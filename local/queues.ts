/** The dead-letter queues: what the bus and the streams give up ends there. */
import { join } from "node:path";
import { eventRules } from "../functions/triggers.ts";
import { createQueue, type Queue } from "./queue.ts";
import { fileJournal } from "./queue-journal.ts";

/** Where a stream's record is put aside: the app's own queue, as it is deployed. */
export const streamsDeadLetterQueue = "moneyback-dead-letters";

/** Kept in the folder across restarts; in memory without one. */
export function openQueues(dataDir: string | undefined): ReadonlyMap<string, Queue> {
  const names = new Set([streamsDeadLetterQueue, ...eventRules.map(({ deadLetterQueue }) => deadLetterQueue)]);
  return new Map(
    [...names].map((name) => [
      name,
      createQueue(dataDir === undefined ? {} : { journal: fileJournal(join(dataDir, `queue-${name}.jsonl`)) }),
    ]),
  );
}
