/** Lists over the `due` index: what is due, the longest overdue first; what waits for its turn; and what waits for a tenant's operator. */
import {
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
} from "@aws-sdk/client-dynamodb";
import { whenAvailable } from "./dynamodb-client.ts";
import { dueShard, reviewShard, shardCount, turnShard } from "./keys.ts";
import type { TransactionQuery, WaitingPage } from "./port.ts";

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

/**
 * A page of what waits for its turn. Every shard goes on from where it was read to, and ids spread evenly over the shards: so a page
 * holds what came first, but for a few.
 */
export async function listWaiting(
  client: DynamoDBClient,
  table: string,
  now: Date,
  limit: number,
  after?: string,
): Promise<WaitingPage> {
  const starts = after === undefined ? [] : (JSON.parse(after) as readonly ShardStart[]);
  const pages = await overShards(async (shard): Promise<Pick<QueryCommandOutput, "Items" | "LastEvaluatedKey">> => {
    const start = starts[shard];
    if (start === "through") return {};
    return client.send(
      new QueryCommand({
        TableName: table,
        IndexName: "due",
        KeyConditionExpression: "dueShard = :shard AND nextActionAt <= :now",
        ExpressionAttributeValues: { ":shard": { S: turnShard(shard) }, ":now": { S: now.toISOString() } },
        Limit: Math.ceil(limit / shardCount),
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
  });
  const reached = pages.map(({ LastEvaluatedKey }) => LastEvaluatedKey ?? "through");
  const items = pages
    .flatMap(({ Items }) => Items ?? [])
    .map((item) => ({
      id: item["id"]?.S ?? "",
      connection: item["connection"]?.S ?? "",
      at: item["nextActionAt"]?.S ?? "",
    }))
    .sort((one, other) => (one.at < other.at ? -1 : 1));
  return { items, ...(reached.some((start) => start !== "through") && { next: JSON.stringify(reached) }) };
}

/** Where a shard is read on, or that it is read through. */
type ShardStart = QueryCommandInput["ExclusiveStartKey"] | "through";

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
