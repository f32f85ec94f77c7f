/** What each table's stream starts. A batch that cannot be handled is halved until the one record is found, and put aside. */
import { streams } from "../functions/triggers.ts";
import { ownQueue } from "./function-names.ts";
import type { Functions } from "./functions.ts";
import { componentName } from "./names.ts";
import type { Queues } from "./queues.ts";
import type { Tables } from "./tables.ts";

/** The stream keeps a record for a day; this long a fault of ours may take to be mended before records are put aside. */
const recordAgeSecondsMax = 6 * 3_600;

export function createStreams(tables: Tables, functions: Functions, queues: Queues): void {
  for (const { table, function: name, batchSize } of streams) {
    const fn = functions.get(name);
    const queue = queues.get(ownQueue);
    if (!fn || !queue) throw new Error(`the stream of ${table} needs the function ${name} and the queue ${ownQueue}`);
    new aws.lambda.EventSourceMapping(`${table}To${componentName(name)}`, {
      eventSourceArn: tables[table].nodes.table.streamArn,
      functionName: fn.lambda.arn,
      startingPosition: "TRIM_HORIZON",
      batchSize,
      bisectBatchOnFunctionError: true,
      maximumRecordAgeInSeconds: recordAgeSecondsMax,
      // As often as there is time: fifty tries would be over long before the six hours.
      maximumRetryAttempts: -1,
      destinationConfig: { onFailure: { destinationArn: queue.arn } },
    });
  }
}
