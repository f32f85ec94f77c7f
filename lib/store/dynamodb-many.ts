/** Many items by their ids from DynamoDB, a hundred a call. */
import { setTimeout as sleepFor } from "node:timers/promises";
import { BatchGetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { StoreUnavailableError } from "../domain/errors.ts";
import { whenAvailable } from "./dynamodb-client.ts";
import type { TransactionReader } from "./port.ts";
import { readTransaction } from "./stored-transaction.ts";

/** How many items one BatchGetItem takes. */
export const itemsMax = 100;

/** Calls under way at a time. */
const atOnce = 4;

/** Pauses before what was left out of an answer is asked for once more. It was too much for one answer, or for the table. */
const pausesMs = [25, 50, 100, 200, 400, 800] as const;

export function dynamoTransactionReader(client: DynamoDBClient, table: string): TransactionReader {
  const standing: TransactionReader["standing"] = async (ids, consistency) => {
    const found = await itemsOf(client, table, ids, consistency);
    return new Map([...found].map(([id, item]) => [id, readTransaction(item)]));
  };
  return {
    standing,
    async many(ids, consistency) {
      const found = await standing(ids, consistency);
      return new Map([...found].flatMap(([id, one]) => (one === "reserved" ? [] : [[id, one] as const])));
    },
  };
}

/**
 * Those that are there, by their ids. An id may be named twice.
 * @throws StoreUnavailableError where one answer after the other leaves everything out
 */
export async function itemsOf(
  client: DynamoDBClient,
  table: string,
  ids: readonly string[],
  consistency: "consistent" | "eventual",
  sleep: (ms: number) => Promise<unknown> = (ms) => sleepFor(ms),
): Promise<Map<string, Record<string, unknown>>> {
  const waiting = [...new Set(ids)];
  const found = new Map<string, Record<string, unknown>>();
  const worker = async (): Promise<void> => {
    for (let some = waiting.splice(0, itemsMax); some.length > 0; some = waiting.splice(0, itemsMax)) {
      let keys = some.map((id) => ({ id: { S: id } }));
      for (let inVain = 0; keys.length > 0; ) {
        const request = { [table]: { Keys: keys, ConsistentRead: consistency === "consistent" } };
        const { Responses, UnprocessedKeys } = await whenAvailable(
          client.send(new BatchGetItemCommand({ RequestItems: request })),
        );
        for (const item of Responses?.[table] ?? []) found.set(item["id"]?.S ?? "", unmarshall(item));
        // An answer holds 16 MB at most, and what the table can give; the rest is asked for again, and not at once.
        const left = (UnprocessedKeys?.[table]?.Keys ?? []).map((key) => ({ id: { S: key["id"]?.S ?? "" } }));
        inVain = left.length < keys.length ? 0 : inVain + 1;
        const pauseMs = pausesMs[inVain];
        if (left.length > 0 && pauseMs === undefined) throw new StoreUnavailableError("the database answers nothing");
        if (left.length > 0) await sleep(pauseMs ?? 0);
        keys = left;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return found;
}
