/** Lists of deliveries over the indexes of the Webhooks table: an endpoint's newest, its due ones, and who has any. */
import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { deliveryDays, type WebhookDelivery } from "../domain/webhook-delivery.ts";
import { whenAvailable } from "./dynamodb-client.ts";
import {
  type DeliveryPage,
  type DeliveryQuery,
  type DueDelivery,
  type DueEndpoint,
  deliveryListedAt,
} from "./webhooks.ts";

/** How many entries are read for a page that is filtered by status, which is not in the index; and how often. */
const filteredMax = 100;
const roundsMax = 10;

export async function listedDeliveries(
  client: DynamoDBClient,
  table: string,
  query: DeliveryQuery,
  read: (ids: readonly string[]) => Promise<WebhookDelivery[]>,
): Promise<DeliveryPage> {
  const { limit, status } = query;
  const items: WebhookDelivery[] = [];
  let before = query.before;
  for (let round = 0; round < roundsMax; round++) {
    const size = status ? filteredMax : Math.min(limit + 2 - items.length, filteredMax);
    const { ids, reached } = await entries(client, table, { ...query, before }, size);
    for (const delivery of await read(ids)) {
      if (status !== undefined && delivery.status !== status) continue;
      const last = items.at(-1);
      // One more than the page holds tells that there is a next one.
      if (last && items.length === limit) return { items, next: deliveryListedAt(last) };
      items.push(delivery);
    }
    if (reached === undefined) return { items };
    before = reached;
  }
  return { items, ...(before !== undefined && { next: before }) };
}

/** The next entries before a point, newest first. `reached`: where to go on; absent at the end. */
async function entries(
  client: DynamoDBClient,
  table: string,
  { endpoint, from, to, before, now }: Omit<DeliveryQuery, "before"> & { readonly before: string | undefined },
  limit: number,
): Promise<{ ids: string[]; reached?: string }> {
  const oldest = new Date(now.getTime() - deliveryDays * 86_400_000).toISOString();
  const lower = [`${oldest}~`, from ?? ""].sort().at(-1) ?? "";
  const upper = [before, to].filter((bound) => bound !== undefined).sort()[0] ?? "~";
  if (lower > upper) return { ids: [] };
  const { Items = [], LastEvaluatedKey } = await whenAvailable(
    client.send(
      new QueryCommand({
        TableName: table,
        IndexName: "byEndpoint",
        KeyConditionExpression: "endpoint = :endpoint AND listedAt BETWEEN :lower AND :upper",
        ExpressionAttributeValues: { ":endpoint": { S: endpoint }, ":lower": { S: lower }, ":upper": { S: upper } },
        ScanIndexForward: false,
        Limit: limit,
      }),
    ),
  );
  const reached = LastEvaluatedKey?.["listedAt"]?.S;
  // BETWEEN includes its bounds; the entry that the page before ended with is not listed again.
  const ids = Items.filter((item) => item["listedAt"]?.S !== upper).map((item) => item["id"]?.S ?? "");
  return { ids, ...(reached !== undefined && { reached }) };
}

export async function dueDeliveries(
  client: DynamoDBClient,
  table: string,
  { endpoint, shard, now, limit }: { endpoint: string; shard: string; now: Date; limit: number },
): Promise<DueDelivery[]> {
  const { Items = [] } = await whenAvailable(
    client.send(
      new QueryCommand({
        TableName: table,
        IndexName: "due",
        KeyConditionExpression: "dueShard = :shard AND dueAt BETWEEN :first AND :now",
        ExpressionAttributeValues: {
          ":shard": { S: shard },
          ":first": { S: `${endpoint}#` },
          ":now": { S: `${endpoint}#${now.toISOString()}` },
        },
        Limit: limit,
      }),
    ),
  );
  return Items.map((item) => ({ id: item["id"]?.S ?? "", at: entryOf(item["dueAt"]?.S).at }));
}

/** One query for each endpoint that has any delivery to come: its first entry tells whether it is due, and the next query begins behind the endpoint. */
export async function dueEndpoints(
  client: DynamoDBClient,
  table: string,
  shards: readonly string[],
  now: Date,
): Promise<DueEndpoint[]> {
  const found = await Promise.all(
    shards.map(async (shard) => {
      const due: DueEndpoint[] = [];
      for (let behind = "!"; ; ) {
        const { Items } = await whenAvailable(
          client.send(
            new QueryCommand({
              TableName: table,
              IndexName: "due",
              KeyConditionExpression: "dueShard = :shard AND dueAt > :behind",
              ExpressionAttributeValues: { ":shard": { S: shard }, ":behind": { S: behind } },
              Limit: 1,
            }),
          ),
        );
        const first = Items?.[0];
        if (!first) return due;
        const { endpoint, at } = entryOf(first["dueAt"]?.S);
        if (at <= now.toISOString()) due.push({ endpoint, tenant: first["tenant"]?.S ?? "" });
        behind = `${endpoint}#~`;
      }
    }),
  );
  return found.flat();
}

function entryOf(dueAt = ""): { endpoint: string; at: string } {
  const [endpoint = "", at = ""] = dueAt.split("#");
  return { endpoint, at };
}
