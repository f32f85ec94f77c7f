/** Many items of a table by their ids. */
import { BatchGetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { whenAvailable } from "./dynamodb-client.ts";

/** How many items one BatchGetItem takes. */
export const batchMax = 100;

/** At most `batchMax` of them, in the order of the ids; those that are not there are left out. May be a moment old. */
export async function itemsOf(
  client: DynamoDBClient,
  table: string,
  ids: readonly string[],
): Promise<Record<string, unknown>[]> {
  const found = new Map<string, Record<string, unknown>>();
  let keys = [...new Set(ids)].map((id) => ({ id: { S: id } }));
  while (keys.length > 0) {
    const { Responses, UnprocessedKeys } = await whenAvailable(
      client.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys: keys } } })),
    );
    for (const item of Responses?.[table] ?? []) found.set(item["id"]?.S ?? "", unmarshall(item));
    keys = (UnprocessedKeys?.[table]?.Keys ?? []).map((key) => ({ id: { S: key["id"]?.S ?? "" } }));
  }
  return ids.map((id) => found.get(id)).filter((item) => item !== undefined);
}
