/** Lists over the `due` index: what is due, the longest overdue first, and what waits for a tenant's operator. */
import { type DynamoDBClient, QueryCommand, type QueryCommandInput } from "@aws-sdk/client-dynamodb";
import { whenAvailable } from "./dynamodb-client.ts";
import { dueShard, reviewShard, shardCount } from "./keys.ts";
import type { TransactionQuery } from "./port.ts";

/** A transaction as an index lists it. */
export interface Listed {
  readonly id: string;
  readonly listedAt: string;
}

/** Ids of due transactions, the longest overdue first. */
export async function listDue(client: DynamoDBClient, table: string, now: Date, limit: number): Promise<string[]> {
  const pages = await overShards((shard) =>
    client.send(
      new QueryCommand({
        TableName: table,
        IndexName: "due",
        KeyConditionExpression: "dueShard = :shard AND nextActionAt <= :now",
        ExpressionAttributeValues: { ":shard": { S: dueShard(shard) }, ":now": { S: now.toISOString() } },
        Limit: limit,
      }),
    ),
  );
  return pages
    .flatMap(({ Items }) => Items ?? [])
    .map((item) => ({ id: item["id"]?.S ?? "", at: item["nextActionAt"]?.S ?? "" }))
    .sort((one, other) => (one.at < other.at ? -1 : 1))
    .slice(0, limit)
    .map((item) => item.id);
}

/** All of a tenant's entries that need an operator, newest first. There are few, or something else is wrong. */
export async function reviewed(
  client: DynamoDBClient,
  table: string,
  { tenant, from = "0", to = "~" }: TransactionQuery,
  before = "~",
): Promise<{ listed: Listed[]; reached?: string }> {
  const listed: Listed[] = [];
  let start: QueryCommandInput["ExclusiveStartKey"];
  do {
    const { Items, LastEvaluatedKey } = await whenAvailable(
      client.send(
        new QueryCommand({
          TableName: table,
          IndexName: "due",
          KeyConditionExpression: "dueShard = :shard",
          ExpressionAttributeValues: { ":shard": { S: reviewShard(tenant) } },
          ...(start && { ExclusiveStartKey: start }),
        }),
      ),
    );
    for (const item of Items ?? []) {
      const id = item["id"]?.S ?? "";
      const entry = { id, listedAt: `${item["createdAt"]?.S ?? ""}#${id}` };
      if (entry.listedAt < before && entry.listedAt >= from && entry.listedAt < to) listed.push(entry);
    }
    start = LastEvaluatedKey;
  } while (start);
  return { listed: listed.sort((one, other) => (one.listedAt < other.listedAt ? 1 : -1)) };
}

function overShards<T>(query: (shard: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: shardCount }, (_, shard) => whenAvailable(query(shard))));
}
