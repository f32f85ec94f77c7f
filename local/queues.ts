/** The queues that the table of event rules names: what the bus gives up ends there. */
import { join } from "node:path";
import { eventRules } from "../functions/triggers.ts";
import { createQueue, type Queue } from "./queue.ts";
import { fileJournal } from "./queue-journal.ts";

/** Kept in the folder across restarts; in memory without one. */
export function openQueues(dataDir: string | undefined): ReadonlyMap<string, Queue> {
  const names = new Set(eventRules.map(({ deadLetterQueue }) => deadLetterQueue));
  return new Map(
    [...names].map((name) => [
      name,
      createQueue(dataDir === undefined ? {} : { journal: fileJournal(join(dataDir, `queue-${name}.jsonl`)) }),
    ]),
  );
}
