/** What is due among schedules and runs, the longest overdue first. */
import { type AttributeValue, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { dueShardOf } from "./accrual-keys.ts";
import { whenAvailable } from "./dynamodb-client.ts";
import { shardCount } from "./keys.ts";

type Item = Record<string, AttributeValue>;

export async function dueItems(
  client: DynamoDBClient,
  table: string,
  what: "schedules" | "runs",
  now: Date,
  limit: number,
): Promise<Item[]> {
  const pages = await Promise.all(
    Array.from({ length: shardCount }, (_, shard) =>
      whenAvailable(
        client.send(
          new QueryCommand({
            TableName: table,
            IndexName: "due",
            KeyConditionExpression: "dueShard = :shard AND nextActionAt <= :now",
            ExpressionAttributeValues: { ":shard": { S: dueShardOf(what, shard) }, ":now": { S: now.toISOString() } },
            Limit: limit,
          }),
        ),
      ),
    ),
  );
  const at = (item: Item) => item["nextActionAt"]?.S ?? "";
  return pages
    .flatMap(({ Items }) => Items ?? [])
    .sort((one, other) => (at(one) < at(other) ? -1 : 1))
    .slice(0, limit);
}
